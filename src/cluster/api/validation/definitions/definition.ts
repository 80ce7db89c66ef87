// Essential validation of CustomResourceDefinitions. Mirrors apiextensions-apiserver pkg/apis/apiextensions/validation.

import { deepEqual, isRecord } from "../../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../../kubernetes/index.ts";
import {
  forbiddenField,
  invalidField,
  requiredField,
  unsupportedField,
} from "../../field-error.ts";
import { recordAt, recordsAt, textAt } from "../fields.ts";
import { clientCauses } from "../admission/webhooks.ts";
import { nameFaults } from "../names.ts";
import { versionPartCauses } from "./version-parts.ts";

type Scope = Readonly<Record<string, unknown>>;

const SCOPES: readonly string[] = ["Cluster", "Namespaced"];

export function validateDefinition(definition: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(definition, "spec");
  const names = recordAt(spec, "names");
  const expected = `${textAt(names, "plural")}.${textAt(spec, "group")}`;
  const { name } = definition.metadata;
  return [
    ...(name === expected
      ? []
      : [invalidField("metadata.name", name, 'must be spec.names.plural+"."+spec.group')]),
    ...validateGroup(spec),
    ...validateScope(spec),
    ...validateVersions(recordsAt(spec, "versions")),
    ...validateNames(names),
    ...validateConversion(recordAt(spec, "conversion")),
    ...preservesAll(spec),
  ];
}

/** What an update leaves as it was stored is not looked at again, whatever is wrong with it. */
export function validateNewDefinition(definition: KubernetesObject): readonly StatusCause[] {
  return [...versionPartCauses(versionsOf(definition)), ...approvalCauses(definition)];
}

function versionsOf(definition: KubernetesObject): readonly Scope[] {
  return recordsAt(recordAt(definition, "spec"), "versions");
}

function validateGroup(spec: Scope): readonly StatusCause[] {
  const group = textAt(spec, "group");
  if (group === "") return [requiredField("spec.group")];
  const faults = nameFaults(group, "subdomain");
  if (faults.length > 0) return [invalidField("spec.group", group, faults.join(","))];
  if (group.includes(".")) return [];
  return [invalidField("spec.group", group, "should be a domain with at least one dot")];
}

function validateScope(spec: Scope): readonly StatusCause[] {
  const scope = textAt(spec, "scope");
  if (scope === "") return [requiredField("spec.scope")];
  return SCOPES.includes(scope) ? [] : [unsupportedField("spec.scope", scope, SCOPES)];
}

function validateNames(names: Scope): readonly StatusCause[] {
  const fields = ["plural", "singular", "kind", "listKind"] as const;
  const missing = fields.filter((field) => textAt(names, field) === "");
  const causes = missing.map((field) => requiredField(`spec.names.${field}`));
  for (const field of fields) {
    const value = textAt(names, field);
    const mayMix = field === "kind" || field === "listKind";
    const faults =
      value === "" ? [] : nameFaults(mayMix ? value.toLowerCase() : value, "label-1035");
    if (faults.length === 0) continue;
    const words = mayMix ? "may have mixed case, but should otherwise match: " : "";
    causes.push(invalidField(`spec.names.${field}`, value, words + faults.join(",")));
  }
  const listKind = textAt(names, "listKind");
  if (listKind !== "" && listKind === names["kind"]) {
    const detail = "kind and listKind may not be the same";
    causes.push(invalidField("spec.names.listKind", listKind, detail));
  }
  return [...causes, ...["shortNames", "categories"].flatMap((list) => listedNames(names, list))];
}

function listedNames(names: Scope, list: string): readonly StatusCause[] {
  const values = names[list];
  return (Array.isArray(values) ? values.map(String) : []).flatMap((value, index) => {
    const faults = nameFaults(value, "label-1035");
    if (faults.length === 0) return [];
    return [invalidField(`spec.names.${list}[${index}]`, value, faults.join(","))];
  });
}

function validateVersions(versions: readonly Scope[]): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const names = versions.map((version) => textAt(version, "name"));
  names.forEach((name, index) => {
    const faults = nameFaults(name, "label-1035");
    if (faults.length === 0) return;
    causes.push(invalidField(`spec.versions[${index}].name`, name, faults.join(",")));
  });
  versions.forEach((version, index) => {
    const field = `spec.versions[${index}].deprecationWarning`;
    causes.push(...deprecationCauses(version, field));
  });
  const first = names[0] ?? "";
  const firstFaults = first === "" ? [] : nameFaults(first, "label-1035");
  if (firstFaults.length > 0)
    causes.push(invalidField("spec.version", first, firstFaults.join(",")));
  const add = (detail: string): void =>
    void causes.push(invalidField("spec.versions", versions, detail));
  if (new Set(names).size < names.length) add("must contain unique version names");
  if (versions.filter(({ storage }) => storage === true).length !== 1) {
    add("must have exactly one version marked as storage version");
  }
  return causes;
}

function deprecationCauses(version: Scope, field: string): readonly StatusCause[] {
  const warning = version["deprecationWarning"];
  if (typeof warning !== "string") return [];
  const invalid = (detail: string): StatusCause => invalidField(field, warning, detail);
  if (version["deprecated"] !== true) return [invalid("can only be set for deprecated versions")];
  if (warning === "") return [invalid("must not be an empty string")];
  return warning.length > 256 ? [invalid("must be <= 256 characters long")] : [];
}

function validateConversion(conversion: Scope): readonly StatusCause[] {
  const { strategy, webhook } = conversion;
  const at = "spec.conversion";
  if (strategy === "Webhook") return validateConversionWebhook(recordAt(conversion, "webhook"));
  const causes: StatusCause[] = [];
  if (strategy !== "None" && strategy !== undefined) {
    causes.push(unsupportedField(`${at}.strategy`, strategy, ["None", "Webhook"]));
  }
  const detail = "should not be set when strategy is not set to Webhook";
  if (isRecord(webhook) && webhook["clientConfig"] !== undefined) {
    causes.push(forbiddenField(`${at}.webhookClientConfig`, detail));
  }
  if (isRecord(webhook) && webhook["conversionReviewVersions"] !== undefined) {
    causes.push(forbiddenField(`${at}.conversionReviewVersions`, detail));
  }
  return causes;
}

const REVIEW_VERSIONS = ["v1", "v1beta1"];

function validateConversionWebhook(webhook: Scope): readonly StatusCause[] {
  const at = "spec.conversion";
  const client = webhook["clientConfig"];
  const versions = webhook["conversionReviewVersions"];
  const field = `${at}.conversionReviewVersions`;
  const causes: StatusCause[] = isRecord(client)
    ? [...clientCauses(`${at}.webhookClientConfig`, client)]
    : [requiredField(`${at}.webhookClientConfig`, "required when strategy is set to Webhook")];
  if (!Array.isArray(versions) || versions.length === 0) causes.push(requiredField(field));
  else if (!versions.some((version) => REVIEW_VERSIONS.includes(String(version)))) {
    const detail = `must include at least one of ${REVIEW_VERSIONS.join(", ")}`;
    causes.push(invalidField(field, versions, detail));
  }
  return causes;
}

const APPROVAL = "api-approved.kubernetes.io";

/** Groups of the community are not for everybody. */
function approvalOf({ metadata }: KubernetesObject): string {
  return metadata.annotations?.[APPROVAL] ?? "";
}

function approvalCauses(definition: KubernetesObject): readonly StatusCause[] {
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(textAt(recordAt(definition, "spec"), "group")))
    return [];
  const approval = approvalOf(definition);
  if (approval.startsWith("unapproved") || /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(approval)) return [];
  const words = `protected groups must have approval annotation ${JSON.stringify(APPROVAL)}`;
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  const field = `metadata.annotations[${APPROVAL}]`;
  if (approval === "") return [requiredField(field, `${words}, ${see}`)];
  const either = 'with either a URL or a reason starting with "unapproved"';
  return [invalidField(field, approval, `${words} ${either}, ${see}`)];
}

function preservesAll(spec: Scope): readonly StatusCause[] {
  if (spec["preserveUnknownFields"] !== true) return [];
  const detail =
    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
  return [invalidField("spec.preserveUnknownFields", true, detail)];
}

export function validateDefinitionUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const spec = recordAt(next, "spec");
  const before = recordAt(old, "spec");
  const causes: StatusCause[] = [];
  if (!deepEqual(versionsOf(next), versionsOf(old))) {
    causes.push(...versionPartCauses(versionsOf(next)));
  }
  if (approvalOf(next) !== approvalOf(old)) causes.push(...approvalCauses(next));
  for (const field of ["group", "scope"]) {
    if (spec[field] === before[field]) continue;
    causes.push(invalidField(`spec.${field}`, spec[field], "field is immutable"));
  }
  const names = recordAt(spec, "names");
  const oldNames = recordAt(before, "names");
  for (const field of ["plural", "kind"]) {
    if (names[field] === oldNames[field]) continue;
    causes.push(invalidField(`spec.names.${field}`, names[field], "field is immutable"));
  }
  const versions = recordsAt(spec, "versions").map((version) => textAt(version, "name"));
  const stored = recordAt(next, "status")["storedVersions"];
  for (const [index, version] of (Array.isArray(stored) ? stored : []).entries()) {
    if (versions.includes(String(version))) continue;
    causes.push(
      invalidField(
        `status.storedVersions[${index}]`,
        version,
        `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`,
      ),
    );
  }
  return causes;
}

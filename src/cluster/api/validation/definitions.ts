// Essential validation of CustomResourceDefinitions. Mirrors apiextensions-apiserver pkg/apis/apiextensions/validation.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { nameFaults } from "./names.ts";

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
    ...validateNames(names),
    ...validateVersions(recordsAt(spec, "versions")),
  ];
}

function validateGroup(spec: Scope): readonly StatusCause[] {
  const group = textAt(spec, "group");
  if (group === "") return [requiredField("spec.group")];
  if (!group.includes(".")) {
    return [invalidField("spec.group", group, "should be a domain with at least one dot")];
  }
  return nameFaults(group, "subdomain").map((fault) => invalidField("spec.group", group, fault));
}

function validateScope(spec: Scope): readonly StatusCause[] {
  const scope = textAt(spec, "scope");
  return SCOPES.includes(scope) ? [] : [unsupportedField("spec.scope", scope, SCOPES)];
}

function validateNames(names: Scope): readonly StatusCause[] {
  return ["plural", "singular", "kind", "listKind"].flatMap((field) => {
    const at = `spec.names.${field}`;
    const value = textAt(names, field);
    if (value === "") return field === "plural" || field === "kind" ? [requiredField(at)] : [];
    return nameFaults(value.toLowerCase(), "label-1035").map((fault) =>
      invalidField(at, value, fault),
    );
  });
}

function validateVersions(versions: readonly Scope[]): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  if (versions.filter(({ storage }) => storage === true).length !== 1) {
    causes.push(
      invalidField(
        "spec.versions",
        versions,
        "must have exactly one version marked as storage version",
      ),
    );
  }
  const names = new Set<string>();
  versions.forEach((version, index) => {
    const name = textAt(version, "name");
    const at = `spec.versions[${index}]`;
    if (names.has(name))
      causes.push(invalidField("spec.versions", versions, "must contain unique version names"));
    names.add(name);
    causes.push(
      ...nameFaults(name, "label-1035").map((fault) => invalidField(`${at}.name`, name, fault)),
    );
    causes.push(...validateSchema(`${at}.schema.openAPIV3Schema`, version));
  });
  return causes;
}

function validateSchema(field: string, version: Scope): readonly StatusCause[] {
  const schema = recordAt(version, "schema")["openAPIV3Schema"];
  if (!isRecord(schema)) return [requiredField(field, "schemas are required")];
  const type = schema["type"];
  if (type === undefined) return [requiredField(`${field}.type`, "must not be empty at the root")];
  if (type !== "object") {
    return [invalidField(`${field}.type`, type, 'must be "object" at the root')];
  }
  return [];
}

export function validateDefinitionUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const spec = recordAt(next, "spec");
  const before = recordAt(old, "spec");
  const causes: StatusCause[] = [];
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

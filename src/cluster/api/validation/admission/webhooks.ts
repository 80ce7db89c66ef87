// Webhook configurations. Mirrors kubernetes pkg/apis/admissionregistration/validation validateValidatingWebhook and
// apiserver pkg/util/webhook/validation.go.

import { isRecord } from "../../../../core/index.ts";
import type { Expressions, KubernetesObject, StatusCause } from "../../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField } from "../../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../fields.ts";
import { nameFaults } from "../names.ts";
import { validateLabelSelector } from "../selectors.ts";
import {
  choiceCauses,
  conditionCauses,
  FAILURE_POLICIES,
  listAt,
  MATCH_POLICIES,
  ruleCauses,
  type Scope,
} from "./match-rules.ts";

const SIDE_EFFECTS = ["None", "NoneOnDryRun"];
const REVIEW_VERSIONS = ["v1", "v1beta1"];

export function validateWebhooks(
  expressions: Expressions,
  configuration: KubernetesObject,
): readonly StatusCause[] {
  const names = new Set<string>();
  return recordsAt(configuration, "webhooks").flatMap((hook, index) => {
    const at = `webhooks[${index}]`;
    const name = textAt(hook, "name");
    const isTaken = names.has(name);
    names.add(name);
    return [
      ...hookCauses(expressions, at, hook),
      ...reviewCauses(`${at}.admissionReviewVersions`, listAt(hook, "admissionReviewVersions")),
      ...(isTaken ? [duplicateField(`${at}.name`, name)] : []),
    ];
  });
}

function hookCauses(
  { createPolicyCompiler }: Expressions,
  at: string,
  hook: Scope,
): readonly StatusCause[] {
  const sideEffects = textAt(hook, "sideEffects");
  const seconds = numberAt(hook, "timeoutSeconds");
  const compiler = createPolicyCompiler({ hasParams: false, composes: false, mutates: false });
  return [
    ...hookNameCauses(`${at}.name`, textAt(hook, "name")),
    ...recordsAt(hook, "rules").flatMap((rule, index) => ruleCauses(`${at}.rules[${index}]`, rule)),
    ...choiceCauses(`${at}.failurePolicy`, textAt(hook, "failurePolicy"), FAILURE_POLICIES),
    ...choiceCauses(`${at}.matchPolicy`, textAt(hook, "matchPolicy"), MATCH_POLICIES),
    ...(sideEffects === ""
      ? [requiredField(`${at}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(", ")}`)]
      : choiceCauses(`${at}.sideEffects`, sideEffects, SIDE_EFFECTS)),
    ...(seconds !== undefined && (seconds > 30 || seconds < 1)
      ? [
          invalidField(
            `${at}.timeoutSeconds`,
            seconds,
            "the timeout value must be between 1 and 30 seconds",
          ),
        ]
      : []),
    ...["namespaceSelector", "objectSelector"].flatMap((name) =>
      validateLabelSelector(`${at}.${name}`, recordAt(hook, name)),
    ),
    ...clientCauses(`${at}.clientConfig`, recordAt(hook, "clientConfig")),
    ...conditionCauses(`${at}.matchConditions`, recordsAt(hook, "matchConditions"), compiler),
  ];
}

function hookNameCauses(field: string, name: string): readonly StatusCause[] {
  if (name === "") return [requiredField(field)];
  const faults = nameFaults(name, "subdomain");
  if (faults.length > 0) return faults.map((fault) => invalidField(field, name, fault));
  if (name.split(".").length >= 3) return [];
  return [
    invalidField(field, name, "should be a domain with at least three segments separated by dots"),
  ];
}

function reviewCauses(field: string, versions: readonly string[]): readonly StatusCause[] {
  const known = REVIEW_VERSIONS.join(", ");
  if (versions.length === 0) return [requiredField(field, `must specify one of ${known}`)];
  if (versions.some((version) => REVIEW_VERSIONS.includes(version))) return [];
  return [invalidField(field, versions, `must include at least one of ${known}`)];
}

/** Where a webhook is. */
export function clientCauses(field: string, client: Scope): readonly StatusCause[] {
  const hasService = isRecord(client["service"]);
  const url = client["url"];
  if ((typeof url === "string") === hasService) {
    return [requiredField(field, "exactly one of url or service is required")];
  }
  if (typeof url === "string") return urlCauses(`${field}.url`, url);
  return ["name", "namespace"].flatMap((name) => {
    const value = textAt(recordAt(client, "service"), name);
    return value === ""
      ? [requiredField(`${field}.service.${name}`, `service ${name} is required`)]
      : [];
  });
}

const FORM = "; desired format: https://host[/path]";

function urlCauses(field: string, text: string): readonly StatusCause[] {
  const parts = /^([^:/?#]*):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/.exec(text);
  const [, scheme = "", authority = "", , query, fragment] = parts ?? [];
  const causes: StatusCause[] = [];
  if (scheme !== "https") {
    causes.push(invalidField(field, scheme, `'https' is the only allowed URL scheme${FORM}`));
  }
  if (authority === "") causes.push(invalidField(field, "", `host must be specified${FORM}`));
  const at = authority.lastIndexOf("@");
  if (at >= 0) {
    const detail = "user information is not permitted in the URL";
    causes.push(invalidField(field, authority.slice(0, at), detail));
  }
  if (fragment !== undefined) {
    const detail = "fragments are not permitted in the URL";
    causes.push(invalidField(field, fragment.slice(1), detail));
  }
  if (query !== undefined) {
    const detail = "query parameters are not permitted in the URL";
    causes.push(invalidField(field, query.slice(1), detail));
  }
  return causes;
}

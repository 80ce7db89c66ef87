// Essential validation of ResourceQuotas: names, amounts and scopes that go together. Mirrors ValidateResourceQuotaSpec of
// pkg/apis/core/validation and pkg/apis/core/helper @v1.36.

import { deepEqual, parseQuantity, plainText } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";

const POD_COUNTS = ["pods"];
const COMPUTE = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const PIECES = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];
const STANDARD: ReadonlySet<string> = new Set([
  ...COMPUTE,
  ...PIECES,
  "ephemeral-storage",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.ephemeral-storage",
]);
const POD_RESOURCES: readonly string[] = [...POD_COUNTS, ...COMPUTE];

/** Scope → the standard resources it can be put on. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  Terminating: POD_RESOURCES,
  NotTerminating: POD_RESOURCES,
  BestEffort: POD_COUNTS,
  NotBestEffort: POD_RESOURCES,
  PriorityClass: POD_RESOURCES,
  CrossNamespacePodAffinity: POD_RESOURCES,
  VolumeAttributesClass: ["persistentvolumeclaims", "requests.storage"],
};
const CONFLICTS = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
];
/** Scopes that say all by being there. */
const ONLY_EXIST = [
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
];

export function validateQuota(quota: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(quota, "spec");
  const hard = recordAt(spec, "hard");
  const names = Object.keys(hard).toSorted();
  return [
    ...names.flatMap((name) => validateHard(name, plainText(hard[name]))),
    ...validateScopes(scopesOf(spec), names),
    ...validateSelector(recordsAt(recordAt(spec, "scopeSelector"), "matchExpressions"), names),
  ];
}

export function validateQuotaUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const scopes = scopesOf(recordAt(next, "spec"));
  const before = scopesOf(recordAt(old, "spec"));
  if (deepEqual(scopes.toSorted(), before.toSorted())) return [];
  return [invalidField("spec.scopes", scopes, "field is immutable")];
}

function scopesOf({ scopes }: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(scopes) ? scopes.map(String) : [];
}

function isStandard(name: string): boolean {
  return STANDARD.has(name) || /^(requests\.)?hugepages-/.test(name);
}

function validateHard(name: string, amount: string): readonly StatusCause[] {
  const field = `spec.hard[${name}]`;
  const causes: StatusCause[] = [];
  if (!name.includes("/") && !isStandard(name)) {
    causes.push(invalidField(field, name, "must be a standard resource for quota"));
  }
  const { nanos } = parseQuantity(amount) ?? { nanos: 0n };
  if (nanos < 0n) causes.push(invalidField(field, amount, "must be greater than or equal to 0"));
  if (PIECES.includes(name) && nanos % 1_000_000_000n !== 0n) {
    causes.push(invalidField(field, amount, "must be an integer"));
  }
  return causes;
}

function validateScopes(
  scopes: readonly string[],
  hard: readonly string[],
): readonly StatusCause[] {
  const field = "spec.scopes";
  return [
    ...scopes.flatMap((scope) =>
      scopeFaults(scope, hard).map((detail) => invalidField(field, scopes, detail)),
    ),
    ...conflicts(scopes).map((detail) => invalidField(field, scopes, detail)),
  ];
}

function scopeFaults(scope: string, hard: readonly string[]): readonly string[] {
  const allowed = SCOPES[scope];
  if (allowed === undefined) return ["unsupported scope"];
  return hard
    .filter((name) => isStandard(name) && !allowed.includes(name))
    .map(() => "unsupported scope applied to resource");
}

function conflicts(scopes: readonly string[]): readonly string[] {
  return CONFLICTS.filter((pair) => pair.every((one) => scopes.includes(one))).map(
    () => "conflicting scopes",
  );
}

function validateSelector(
  requirements: readonly Readonly<Record<string, unknown>>[],
  hard: readonly string[],
): readonly StatusCause[] {
  const field = "spec.scopeSelector.matchExpressions";
  const names = requirements.map((requirement) => textAt(requirement, "scopeName"));
  return [
    ...requirements.flatMap((requirement) => validateRequirement(field, requirement, hard)),
    ...conflicts(names).map((detail) => invalidField(field, names, detail)),
  ];
}

function validateRequirement(
  field: string,
  requirement: Readonly<Record<string, unknown>>,
  hard: readonly string[],
): readonly StatusCause[] {
  const scope = textAt(requirement, "scopeName");
  const operator = textAt(requirement, "operator");
  const values = Array.isArray(requirement["values"]) ? requirement["values"].map(String) : [];
  const causes: StatusCause[] = scopeFaults(scope, hard).map((detail) =>
    invalidField(`${field}.scopeName`, scope, detail),
  );
  if (ONLY_EXIST.includes(scope) && operator !== "Exists") {
    const detail =
      "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    causes.push(invalidField(`${field}.operator`, operator, detail));
  }
  const wantsValues = operator === "In" || operator === "NotIn";
  if (wantsValues && values.length === 0) {
    const detail =
      "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    causes.push(requiredField(`${field}.values`, detail));
  } else if (!wantsValues && operator !== "Exists" && operator !== "DoesNotExist") {
    causes.push(invalidField(`${field}.operator`, operator, "not a valid selector operator"));
  } else if (!wantsValues && values.length > 0) {
    const detail =
      "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    causes.push(invalidField(`${field}.values`, values, detail));
  }
  return causes;
}

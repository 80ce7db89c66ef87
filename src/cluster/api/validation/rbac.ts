// Validation of roles and bindings. Mirrors kubernetes pkg/apis/rbac/validation/validation.go.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { validateLabelSelector } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;

const GROUP = "rbac.authorization.k8s.io";

export function validateRole(role: KubernetesObject): readonly StatusCause[] {
  return validateRules(role, true);
}

export function validateClusterRole(role: KubernetesObject): readonly StatusCause[] {
  const { aggregationRule } = role;
  const aggregation = isRecord(aggregationRule) ? validateAggregation(aggregationRule) : [];
  return [...validateRules(role, false), ...aggregation];
}

function validateRules(role: KubernetesObject, isNamespaced: boolean): readonly StatusCause[] {
  return recordsAt(role, "rules").flatMap((rule, index) =>
    validateRule(`rules[${index}]`, rule, isNamespaced),
  );
}

function validateRule(field: string, rule: Scope, isNamespaced: boolean): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const isEmpty = (list: string): boolean => lengthOf(rule[list]) === 0;
  if (isEmpty("verbs"))
    causes.push(requiredField(`${field}.verbs`, "verbs must contain at least one value"));
  if (!isEmpty("nonResourceURLs")) {
    const refuse = (why: string): void =>
      void causes.push(invalidField(`${field}.nonResourceURLs`, rule["nonResourceURLs"], why));
    if (isNamespaced) refuse("namespaced rules cannot apply to non-resource URLs");
    if (!["apiGroups", "resources", "resourceNames"].every(isEmpty))
      refuse("rules cannot apply to both regular resources and non-resource URLs");
    return causes;
  }
  if (isEmpty("apiGroups"))
    causes.push(
      requiredField(`${field}.apiGroups`, "resource rules must supply at least one api group"),
    );
  if (isEmpty("resources"))
    causes.push(
      requiredField(`${field}.resources`, "resource rules must supply at least one resource"),
    );
  return causes;
}

function validateAggregation(rule: Scope): readonly StatusCause[] {
  const field = "aggregationRule.clusterRoleSelectors";
  const selectors = recordsAt(rule, "clusterRoleSelectors");
  if (selectors.length === 0) {
    const why = "at least one clusterRoleSelector required if aggregationRule is non-nil";
    return [requiredField(field, why)];
  }
  return selectors.flatMap((selector, index) =>
    validateLabelSelector(`${field}[${index}]`, selector),
  );
}

export function validateRoleBinding(binding: KubernetesObject): readonly StatusCause[] {
  return validateBinding(binding, ["Role", "ClusterRole"], true);
}

export function validateClusterRoleBinding(binding: KubernetesObject): readonly StatusCause[] {
  return validateBinding(binding, ["ClusterRole"], false);
}

function validateBinding(
  binding: KubernetesObject,
  roleKinds: readonly string[],
  isNamespaced: boolean,
): readonly StatusCause[] {
  const ref = recordAt(binding, "roleRef");
  const [apiGroup, kind, name] = ["apiGroup", "kind", "name"].map((field) => textAt(ref, field));
  return [
    ...(apiGroup === GROUP ? [] : [unsupportedField("roleRef.apiGroup", apiGroup, [GROUP])]),
    ...(roleKinds.includes(kind ?? "") ? [] : [unsupportedField("roleRef.kind", kind, roleKinds)]),
    ...(name === undefined || name === ""
      ? [requiredField("roleRef.name")]
      : validateName("roleRef.name", name, "path-segment")),
    ...recordsAt(binding, "subjects").flatMap((subject, index) =>
      validateSubject(`subjects[${index}]`, subject, isNamespaced),
    ),
  ];
}

const SUBJECT_KINDS: readonly string[] = ["ServiceAccount", "User", "Group"];

function validateSubject(
  field: string,
  subject: Scope,
  isNamespaced: boolean,
): readonly StatusCause[] {
  const kind = textAt(subject, "kind");
  const name = textAt(subject, "name");
  const causes = name === "" ? [requiredField(`${field}.name`)] : [];
  if (!SUBJECT_KINDS.includes(kind))
    return [...causes, unsupportedField(`${field}.kind`, kind, SUBJECT_KINDS)];
  const wanted = kind === "ServiceAccount" ? "" : GROUP;
  const apiGroup = textAt(subject, "apiGroup");
  const group =
    apiGroup === wanted ? [] : [unsupportedField(`${field}.apiGroup`, apiGroup, [wanted])];
  if (kind !== "ServiceAccount") {
    const why = `${kind.toLowerCase()} name cannot be empty`;
    return [
      ...causes,
      ...(name === "" ? [invalidField(`${field}.name`, name, why)] : []),
      ...group,
    ];
  }
  const hasNamespace = isNamespaced || textAt(subject, "namespace") !== "";
  return [
    ...causes,
    ...(name === "" ? [] : validateName(`${field}.name`, name, "subdomain")),
    ...group,
    ...(hasNamespace ? [] : [requiredField(`${field}.namespace`)]),
  ];
}

/** What a binding refers to stays, so that nobody who may only add subjects gives them another role. */
export function validateBindingUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  if (deepEqual(next["roleRef"], old["roleRef"])) return [];
  const ref = recordAt(next, "roleRef");
  const printed = {
    APIGroup: textAt(ref, "apiGroup"),
    Kind: textAt(ref, "kind"),
    Name: textAt(ref, "name"),
  };
  return [invalidField("roleRef", printed, "cannot change roleRef")];
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

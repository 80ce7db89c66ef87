// Rules that say which requests are meant, in policies and webhooks. Mirrors kubernetes pkg/apis/admissionregistration/validation.

import type { Expressions, StatusCause } from "../../../../kubernetes/index.ts";
import {
  duplicateField,
  invalidField,
  requiredField,
  unsupportedField,
} from "../../field-error.ts";
import { recordAt, recordsAt, textAt } from "../fields.ts";
import { qualifiedNameFaults } from "../labels.ts";
import { nameFaults } from "../names.ts";
import { validateLabelSelector } from "../selectors.ts";

export type Scope = Readonly<Record<string, unknown>>;

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES = ["*", "Cluster", "Namespaced"];
export const MATCH_POLICIES = ["Equivalent", "Exact"];
export const FAILURE_POLICIES = ["Fail", "Ignore"];

export function listAt(record: Scope, field: string): readonly string[] {
  const list = record[field];
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}

/** Absent values are defaulted before, so only a wrong one can be left. */
export function choiceCauses(
  field: string,
  value: string,
  allowed: readonly string[],
): readonly StatusCause[] {
  if (value === "") return [requiredField(field)];
  return allowed.includes(value) ? [] : [unsupportedField(field, value, allowed)];
}

export function matchResourcesCauses(field: string, constraints: Scope): readonly StatusCause[] {
  const selectors = ["namespaceSelector", "objectSelector"].flatMap((name) =>
    validateLabelSelector(`${field}.${name}`, recordAt(constraints, name)),
  );
  const rules = ["resourceRules", "excludeResourceRules"].flatMap((name) =>
    recordsAt(constraints, name).flatMap((rule, index) =>
      namedRuleCauses(`${field}.${name}[${index}]`, rule),
    ),
  );
  const policy = textAt(constraints, "matchPolicy");
  return [...choiceCauses(`${field}.matchPolicy`, policy, MATCH_POLICIES), ...selectors, ...rules];
}

function namedRuleCauses(field: string, rule: Scope): readonly StatusCause[] {
  const seen = new Set<string>();
  const names = listAt(rule, "resourceNames").flatMap((name, index) => {
    const at = `${field}.resourceNames[${index}]`;
    const causes = nameFaults(name, "path-segment").map((fault) => invalidField(at, name, fault));
    if (seen.has(name)) causes.push(duplicateField(at, name));
    seen.add(name);
    return causes;
  });
  return [...names, ...ruleCauses(field, rule)];
}

export function ruleCauses(field: string, rule: Scope): readonly StatusCause[] {
  const operations = listAt(rule, "operations");
  const scope = textAt(rule, "scope");
  return [
    ...listCauses(`${field}.operations`, operations, "operations"),
    ...operations.flatMap((operation, index) =>
      choiceCauses(`${field}.operations[${index}]`, operation, OPERATIONS),
    ),
    ...listCauses(`${field}.apiGroups`, listAt(rule, "apiGroups"), "API groups"),
    ...listCauses(`${field}.apiVersions`, listAt(rule, "apiVersions"), "API versions"),
    ...listAt(rule, "apiVersions").flatMap((version, index) =>
      version === "" ? [requiredField(`${field}.apiVersions[${index}]`)] : [],
    ),
    ...resourceCauses(`${field}.resources`, listAt(rule, "resources")),
    ...(scope === "" ? [] : choiceCauses(`${field}.scope`, scope, SCOPES)),
  ];
}

function listCauses(field: string, list: readonly string[], what: string): readonly StatusCause[] {
  if (list.length === 0) return [requiredField(field)];
  if (list.length === 1 || !list.includes("*")) return [];
  return [invalidField(field, list, `if '*' is present, must not specify other ${what}`)];
}

function resourceCauses(field: string, resources: readonly string[]): readonly StatusCause[] {
  if (resources.length === 0) return [requiredField(field)];
  const causes: StatusCause[] = [];
  const wholes = new Set<string>();
  const everywhere = new Set<string>();
  resources.forEach((pattern, index) => {
    const at = `${field}[${index}]`;
    if (pattern === "") causes.push(requiredField(at));
    const [main = "", sub] = pattern.split("/", 2);
    if (sub === undefined) return;
    const covered = wholes.has(main) ? `${main}/*` : everywhere.has(sub) ? `*/${sub}` : undefined;
    if (covered !== undefined) {
      causes.push(
        invalidField(at, pattern, `if '${covered}' is present, must not specify ${pattern}`),
      );
    }
    if (sub === "*") wholes.add(main);
    if (main === "*") everywhere.add(sub);
  });
  if (resources.length > 1 && resources.includes("*/*")) {
    const detail = "if '*/*' is present, must not specify other resources";
    causes.push(invalidField(field, resources, detail));
  }
  const hasPlain = !(resources.findLast((pattern) => !pattern.includes("/")) ?? "*").startsWith(
    "*",
  );
  if (resources.includes("*") && hasPlain) {
    const detail = "if '*' is present, must not specify other resources without subresources";
    causes.push(invalidField(field, resources, detail));
  }
  return causes;
}

const CONDITIONS_MAX = 64;

type Compiler = ReturnType<Expressions["createPolicyCompiler"]>;

export function conditionCauses(
  field: string,
  conditions: readonly Scope[],
  compiler: Compiler,
): readonly StatusCause[] {
  const names = new Set<string>();
  const many = { reason: "FieldValueTooMany", field };
  const causes: StatusCause[] = [];
  if (conditions.length > CONDITIONS_MAX) {
    const message = `Too many: ${conditions.length}: must have at most ${CONDITIONS_MAX} items`;
    causes.push({ ...many, message });
  }
  conditions.forEach((condition, index) => {
    const at = `${field}[${index}]`;
    const name = textAt(condition, "name");
    const source = textAt(condition, "expression").trim();
    if (source === "") causes.push(requiredField(`${at}.expression`));
    else causes.push(...expressionFault(`${at}.expression`, compiler.compile(source, "bool")));
    if (name === "") causes.push(requiredField(`${at}.name`));
    causes.push(
      ...(name === "" ? [] : qualifiedNameFaults(name)).map((fault) =>
        invalidField(`${at}.name`, name, fault),
      ),
    );
    if (names.has(name)) causes.push(duplicateField(`${at}.name`, name));
    if (name !== "") names.add(name);
  });
  return causes;
}

export function expressionFault(
  field: string,
  { source, error }: ReturnType<Compiler["compile"]>,
): readonly StatusCause[] {
  return error === undefined ? [] : [invalidField(field, source, error)];
}

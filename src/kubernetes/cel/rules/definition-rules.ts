// What is wrong with the rules of a CustomResourceDefinition itself. Mirrors apiextensions-apiserver pkg/apis/apiextensions/validation
// ValidateCustomResourceDefinitionOpenAPISchema, the part about x-kubernetes-validations.

import type { StatusCause } from "../../status.ts";
import type { FieldSchema, ValidationRule } from "../../schemas/schema.ts";
import { childSchema, resourceSchema, schemaType, valueSchema } from "../check/schema-type.ts";
import { declaredSize } from "../cost/declared-size.ts";
import type { FieldPath } from "../cost/field-path.ts";
import type { SizeRange } from "../cost/size-range.ts";
import { type CompiledRule, compileRulesOf } from "./compile-rules.ts";
import { type Bound, boundInside, CostBudget, totalCost } from "./cost-budget.ts";
import { ruleFieldPath } from "./rule-field-path.ts";

const REASONS = [
  "FieldValueDuplicate",
  "FieldValueForbidden",
  "FieldValueInvalid",
  "FieldValueRequired",
];

const UNTYPED =
  "failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations";

interface Visit {
  /** Schemas with rules in them or inside; there is nothing to say about the others. */
  readonly carriers: ReadonlySet<FieldSchema>;
  readonly schemaCauses: StatusCause[];
  readonly ruleCauses: StatusCause[];
  /** Undefined inside `allOf`, where a server does not count. */
  readonly budget: CostBudget | undefined;
  readonly bound: Bound;
  /** Where correlation with the old object ends; undefined while it goes on. */
  readonly uncorrelatable: string | undefined;
}

/**
 * `field` is where the schema stands: `spec.validation.openAPIV3Schema`. Rules compile only when nothing else is wrong. A schema that
 * is stored already keeps the rules that cost too much.
 */
export function definitionRuleCauses(
  root: FieldSchema,
  field: string,
  isStored = false,
): readonly StatusCause[] {
  const budget = new CostBudget(isStored);
  const visit: Visit = {
    carriers: carriersIn(root),
    schemaCauses: [],
    ruleCauses: [],
    budget,
    bound: 1,
    uncorrelatable: undefined,
  };
  visitSchema(visit, root, resourceSchema(root), field);
  if (visit.schemaCauses.length > 0) return visit.schemaCauses;
  return [...visit.ruleCauses, ...budget.causes(field)];
}

function carriersIn(root: FieldSchema): ReadonlySet<FieldSchema> {
  const carriers = new Set<FieldSchema>();
  const look = (schema: FieldSchema): boolean => {
    const { items, additionalProperties, properties, allOf = [], validations = [] } = schema;
    let carries = validations.length > 0;
    if (items !== undefined && look(items)) carries = true;
    if (additionalProperties !== undefined && look(additionalProperties)) carries = true;
    for (const name in properties) if (look(properties[name] ?? {})) carries = true;
    for (const branch of allOf) if (look(branch)) carries = true;
    if (carries) carriers.add(schema);
    return carries;
  };
  look(root);
  return carriers;
}

function visitSchema(visit: Visit, carrier: FieldSchema, schema: FieldSchema, field: string): void {
  if (!visit.carriers.has(carrier)) return;
  visitChildren(visit, carrier, schema, field);
  const { validations = [] } = carrier;
  if (validations.length === 0) return;
  const at = `${field}.x-kubernetes-validations`;
  validations.forEach((rule, index) => {
    visit.schemaCauses.push(...shapeCauses(rule, schema, `${at}[${index}]`));
  });
  if (visit.schemaCauses.length > 0) return;
  if (schemaType(schema) === undefined) {
    const message = `Internal error: internal error: ${UNTYPED}`;
    visit.ruleCauses.push({ reason: "InternalError", message, field: at });
  }
  const declared = (path: FieldPath | undefined): SizeRange | undefined =>
    declaredSize(schema, path);
  const compiledRules = compileRulesOf(validations, schema, visit.budget && declared);
  for (const [index, compiled] of compiledRules.entries()) {
    visit.ruleCauses.push(
      ...costCauses(visit, schema, compiled, `${at}[${index}]`),
      ...compileCauses(visit, compiled, `${at}[${index}]`),
    );
  }
}

/** What does not compile costs nothing. */
function costCauses(
  { budget, bound }: Visit,
  schema: FieldSchema,
  { cost = 0, messageCost }: CompiledRule,
  at: string,
): readonly StatusCause[] {
  if (budget === undefined) return [];
  const causes = budget.spend(`${at}.rule`, "rule", totalCost(cost, schema, bound));
  if (messageCost === undefined) return causes;
  const field = `${at}.messageExpression`;
  return [...causes, ...budget.spend(field, "messageExpression", messageCost)];
}

function visitChildren(
  outer: Visit,
  carrier: FieldSchema,
  schema: FieldSchema,
  field: string,
): void {
  const { items, properties = {}, additionalProperties, allOf = [], listType } = carrier;
  const visit = { ...outer, bound: boundInside(carrier, outer.bound) };
  for (const [name, property] of Object.entries(properties)) {
    const own = schema.properties?.[name];
    if (own === undefined || !visit.carriers.has(property)) continue;
    visitSchema(visit, property, childSchema(own), `${field}.properties[${name}]`);
  }
  const values = valueSchema(schema);
  if (additionalProperties !== undefined && values !== undefined) {
    visitSchema(visit, additionalProperties, childSchema(values), `${field}.additionalProperties`);
  }
  const uncounted = { ...outer, budget: undefined };
  allOf.forEach((branch, index) =>
    visitSchema(uncounted, branch, schema, `${field}.allOf[${index}]`),
  );
  if (items === undefined || schema.items === undefined) return;
  const inner =
    listType === "map" ? visit : { ...visit, uncorrelatable: visit.uncorrelatable ?? field };
  visitSchema(inner, items, childSchema(schema.items), `${field}.items`);
}

function shapeCauses(
  rule: ValidationRule,
  schema: FieldSchema,
  at: string,
): readonly StatusCause[] {
  const causes: StatusCause[] = [...messageCauses(rule, at)];
  const { messageExpression = "", reason, fieldPath = "" } = rule;
  if (messageExpression !== "" && messageExpression.trim() === "") {
    causes.push(
      required(`${at}.messageExpression`, "messageExpression must be non-empty if specified"),
    );
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    const list = REASONS.map((known) => JSON.stringify(known)).join(", ");
    const message = `Unsupported value: ${JSON.stringify(reason)}: supported values: ${list}`;
    causes.push({ reason: "FieldValueNotSupported", message, field: `${at}.reason` });
  }
  const pathCause = (detail: string): void =>
    void causes.push(invalid(`${at}.fieldPath`, fieldPath, detail));
  if (fieldPath !== "" && fieldPath.trim() === "") pathCause("must be non-empty if specified");
  if (fieldPath.includes("\n")) pathCause("must not contain line breaks");
  if (fieldPath !== "" && ruleFieldPath(fieldPath, schema) === undefined) {
    pathCause("must be a valid path");
  }
  return causes;
}

function messageCauses({ rule, message = "" }: ValidationRule, at: string): readonly StatusCause[] {
  const trimmed = message.trim();
  if (rule.trim() === "") return [required(`${at}.rule`, "rule is not specified")];
  if (message !== "" && trimmed === "") {
    return [invalid(`${at}.message`, message, "must be non-empty if specified")];
  }
  if (trimmed.includes("\n")) {
    return [invalid(`${at}.message`, message, "must not contain line breaks")];
  }
  if (!rule.trim().includes("\n") || trimmed !== "") return [];
  return [required(`${at}.message`, "message must be specified if rule contains line breaks")];
}

function compileCauses(
  { uncorrelatable }: Visit,
  { rule, error, messageError, usesOldSelf }: CompiledRule,
  at: string,
): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const shown = goRule(rule);
  if (error !== undefined) causes.push(invalid(`${at}.rule`, shown, error));
  if (messageError !== undefined) {
    causes.push(invalid(`${at}.messageExpression`, shown, messageError));
  }
  if (usesOldSelf && uncorrelatable !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
    causes.push(invalid(`${at}.rule`, rule.rule, detail));
  }
  if (!usesOldSelf && rule.optionalOldSelf !== undefined && error === undefined) {
    const detail = "may not be set if oldSelf is not used in rule";
    causes.push(invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, detail));
  }
  return causes;
}

/** The rule as Go's internal type, which has no JSON names, prints itself. */
function goRule(rule: ValidationRule): Readonly<Record<string, unknown>> {
  return {
    Rule: rule.rule,
    Message: rule.message ?? "",
    MessageExpression: rule.messageExpression ?? "",
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? "",
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

function required(field: string, detail: string): StatusCause {
  return { reason: "FieldValueRequired", message: `Required value: ${detail}`, field };
}

function invalid(field: string, value: unknown, detail: string): StatusCause {
  const message = `Invalid value: ${goJson(value)}: ${detail}`;
  return { reason: "FieldValueInvalid", message, field };
}

/** Go escapes what could end a script in HTML; a plain text is quoted instead. */
function goJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (typeof value === "string") return json;
  return json.replaceAll(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
}

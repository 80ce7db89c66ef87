// Holds an object against the rules of its schema. Mirrors apiextensions-apiserver pkg/apiserver/schema/cel/validation.go: transition
// rules run only where an old value is known, and faults of what a write left alone are warnings.

import { isRecord } from "../../../core/index.ts";
import type { StatusCause } from "../../status.ts";
import type { FieldSchema, ValidationRule } from "../../schemas/schema.ts";
import { COST_BUDGET, COST_PER_CALL, Evaluation } from "../evaluate/evaluation.ts";
import { fromSchema } from "../values/from-schema.ts";
import { CelCostError, CelError, CelOptional, type CelValue } from "../values/value.ts";
import { compileRules, type CompiledRule, type RuleTree } from "./compile-rules.ts";
import { correlate, type Correlation, correlateRoot, oldItems } from "../../schemas/correlate.ts";
import { memberPath, NO_PATH } from "./printed-path.ts";

export interface RuleOutcome {
  /** What the server refuses with. */
  readonly causes: readonly StatusCause[];
  /** Faults the object had before: the server warns of them. */
  readonly warnings: readonly string[];
}

const NO_OUTCOME: RuleOutcome = { causes: [], warnings: [] };
const MESSAGE_BYTES_MAX = 5 * 1024;

interface Validation {
  readonly causes: StatusCause[];
  readonly warnings: string[];
  budget: number;
}

/** `schema` is that of the whole object; `old` is absent when it is created. */
export function validateRules(schema: FieldSchema, object: unknown, old?: unknown): RuleOutcome {
  const tree = compileRules(schema);
  if (tree === undefined) return NO_OUTCOME;
  const validation: Validation = { causes: [], warnings: [], budget: COST_BUDGET };
  visit(validation, tree, NO_PATH, object, old, correlateRoot(object, old));
  return validation;
}

function visit(
  validation: Validation,
  tree: RuleTree,
  path: string,
  value: unknown,
  old: unknown,
  correlation: Correlation,
): void {
  if (value === null || value === undefined || validation.budget < 0) return;
  for (const compiled of tree.rules) {
    if (validation.budget < 0) return;
    evaluateRule(validation, tree, compiled, { path, value, old, correlation });
  }
  for (const branch of tree.allOf) visit(validation, branch, path, value, old, correlation);
  if (Array.isArray(value)) visitItems(validation, tree, path, value, old, correlation);
  else if (isRecord(value)) visitMembers(validation, tree, path, value, old, correlation);
}

function visitItems(
  validation: Validation,
  { items, schema }: RuleTree,
  path: string,
  list: readonly unknown[],
  old: unknown,
  correlation: Correlation,
): void {
  if (items === undefined) return;
  const oldOf = oldItems(schema, old);
  for (const [index, item] of list.entries()) {
    const before = oldOf(item);
    visit(
      validation,
      items,
      `${path}[${index}]`,
      item,
      before,
      correlate(correlation, item, before),
    );
  }
}

function visitMembers(
  validation: Validation,
  { values, properties }: RuleTree,
  path: string,
  record: Readonly<Record<string, unknown>>,
  old: unknown,
  correlation: Correlation,
): void {
  const before = isRecord(old) ? old : {};
  for (const [name, member] of Object.entries(record)) {
    const property = properties.get(name);
    const tree = property ?? values;
    if (tree === undefined) continue;
    const at = property === undefined ? `${path}[${name}]` : memberPath(path, name);
    visit(validation, tree, at, member, before[name], correlate(correlation, member, before[name]));
  }
}

/** One value that carries rules, and where it is. */
interface Place {
  readonly path: string;
  readonly value: unknown;
  readonly old: unknown;
  readonly correlation: Correlation;
}

function evaluateRule(
  validation: Validation,
  { schema }: RuleTree,
  compiled: CompiledRule,
  place: Place,
): void {
  const { rule, program, error } = compiled;
  const refuse = (detail: string): void =>
    void validation.causes.push(invalid(place.path, JSON.stringify(schema.type ?? ""), detail));
  if (error !== undefined) return refuse(`rule compile error: ${error}`);
  const isOptional = rule.optionalOldSelf === true;
  if (program === undefined) return;
  if (compiled.usesOldSelf && place.old === undefined && !isOptional) return;
  const variables = variablesOf(schema, place, isOptional);
  const evaluation = new Evaluation(Math.min(COST_PER_CALL, validation.budget));
  const outcome = attempt(() => program.evaluate(variables, evaluation));
  validation.budget -= evaluation.spent;
  if (outcome === true) return;
  if (outcome === false) {
    report(validation, schema, compiled, place, variables);
    return;
  }
  if (outcome instanceof CelCostError) {
    validation.budget = -1;
    return refuse(
      `'${outcome.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${textOf(rule)}`,
    );
  }
  refuse(failureText(outcome, rule));
}

function failureText(outcome: unknown, rule: ValidationRule): string {
  const words = outcome instanceof Error ? outcome.message : "internal error";
  if (!words.startsWith("no such overload")) return `${words} evaluating rule: ${textOf(rule)}`;
  return `'${words}': call arguments did not match a supported operator, function or macro signature for rule: ${textOf(rule)}`;
}

type Variables = (name: string) => CelValue | undefined;

function variablesOf(schema: FieldSchema, { value, old }: Place, isOptional: boolean): Variables {
  let self: CelValue | undefined;
  return (name) => {
    if (name === "self") return (self ??= fromSchema(value, schema));
    if (name !== "oldSelf") return undefined;
    if (old === undefined) return isOptional ? CelOptional.none : undefined;
    const converted = fromSchema(old, schema);
    return isOptional ? new CelOptional(converted) : converted;
  };
}

function attempt(evaluate: () => CelValue): CelValue | CelError | CelCostError {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof CelError || error instanceof CelCostError) return error as CelError;
    throw error;
  }
}

function report(
  validation: Validation,
  schema: FieldSchema,
  compiled: CompiledRule,
  { path, value, correlation }: Place,
  variables: Variables,
): void {
  const at = compiled.fieldPath === undefined ? path : memberPath(path, compiled.fieldPath);
  const detail = messageOf(validation, compiled, variables) ?? defaultMessage(compiled.rule);
  const shown =
    schema.type === "object" || schema.type === "array" ? undefined : JSON.stringify(value);
  const cause = causeFor(compiled.rule.reason, at, shown, detail);
  if (!compiled.usesOldSelf && correlation.isUnchanged) {
    validation.warnings.push(`${at}: ${cause.message}`);
  } else {
    validation.causes.push(cause);
  }
}

/** Undefined when the expression fails or says nothing usable; the rule's own message stands in then. */
function messageOf(
  validation: Validation,
  { message }: CompiledRule,
  variables: Variables,
): string | undefined {
  if (message === undefined) return undefined;
  const evaluation = new Evaluation(Math.min(COST_PER_CALL, validation.budget));
  const text = attempt(() => message.evaluate(variables, evaluation));
  validation.budget -= evaluation.spent;
  return typeof text === "string" ? usableMessage(text) : undefined;
}

export function usableMessage(text: string): string | undefined {
  const trimmed = text.trim();
  const isUsable = trimmed !== "" && !trimmed.includes("\n") && trimmed.length <= MESSAGE_BYTES_MAX;
  return isUsable ? trimmed : undefined;
}

function defaultMessage(rule: ValidationRule): string {
  return (rule.message ?? "") === "" ? `failed rule: ${textOf(rule)}` : (rule.message ?? "").trim();
}

function textOf({ message = "", rule }: ValidationRule): string {
  return (message === "" ? rule : message).trim();
}

/** In the words of apimachinery's field errors; a composite value is not printed. */
function causeFor(
  given: string | undefined,
  field: string,
  value: string | undefined,
  detail: string,
): StatusCause {
  const reason = given ?? "";
  switch (reason) {
    case "FieldValueForbidden":
      return { reason, message: `Forbidden: ${detail}`, field };
    case "FieldValueRequired":
      return { reason, message: `Required value: ${detail}`, field };
    case "FieldValueDuplicate":
      return {
        reason,
        message: value === undefined ? "Duplicate value" : `Duplicate value: ${value}`,
        field,
      };
    default:
      return invalid(field, value, detail);
  }
}

function invalid(field: string, value: string | undefined, detail: string): StatusCause {
  const shown = value === undefined ? "Invalid value" : `Invalid value: ${value}`;
  return { reason: "FieldValueInvalid", message: `${shown}: ${detail}`, field };
}

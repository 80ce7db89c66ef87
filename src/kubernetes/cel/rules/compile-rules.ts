// The rules of a schema, compiled, in a tree that follows it. Mirrors apiextensions-apiserver pkg/apiserver/schema/cel/{compilation,
// validation}.go.

import type { FieldSchema, ValidationRule } from "../../schemas/schema.ts";
import { type CelType, optionalOf } from "../check/cel-type.ts";
import { childSchema, resourceSchema, schemaType, valueSchema } from "../check/schema-type.ts";
import { estimateCost } from "../cost/estimate.ts";
import type { DeclaredSizes } from "../cost/estimation.ts";
import type { Environment, Program } from "../environment.ts";
import { kubernetesEnvironment } from "../kubernetes-environment.ts";
import { ruleFieldPath } from "./rule-field-path.ts";

export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program?: Program;
  readonly error?: string;
  readonly usesOldSelf: boolean;
  readonly message?: Program;
  readonly messageError?: string;
  /** Normalised; absent when there is none. */
  readonly fieldPath?: string;
  /** The most one evaluation can cost, where that was asked for. */
  readonly cost?: number;
  readonly messageCost?: number;
}

export interface RuleTree {
  readonly schema: FieldSchema;
  readonly rules: readonly CompiledRule[];
  readonly items?: RuleTree;
  readonly values?: RuleTree;
  readonly properties: ReadonlyMap<string, RuleTree>;
  readonly allOf: readonly RuleTree[];
}

const trees = new WeakMap<FieldSchema, RuleTree | null>();

/** Undefined when no rule is anywhere. `root` is the schema of a whole object; compiled once per schema. */
export function compileRules(root: FieldSchema): RuleTree | undefined {
  let tree = trees.get(root);
  if (tree === undefined) {
    tree = treeOf(root, resourceSchema(root)) ?? null;
    trees.set(root, tree);
  }
  return tree ?? undefined;
}

/** Rules come from `carrier`, types from `schema`: a schema inside `allOf` has rules of its own about the same value. */
function treeOf(carrier: FieldSchema, schema: FieldSchema): RuleTree | undefined {
  const rules = compileRulesOf(carrier.validations ?? [], schema);
  const items = carrier.items && schema.items && treeOf(carrier.items, childSchema(schema.items));
  const own = valueSchema(schema);
  const carried = valueSchema(carrier);
  const values = carried && own && treeOf(carried, childSchema(own));
  const properties = propertyTrees(carrier, schema);
  const allOf = (carrier.allOf ?? []).flatMap((branch) => treeOf(branch, schema) ?? []);
  const isEmpty = !items && !values && rules.length + properties.size + allOf.length === 0;
  if (isEmpty) return undefined;
  return {
    schema,
    rules,
    properties,
    allOf,
    ...(items && { items }),
    ...(values && { values }),
  };
}

function propertyTrees(carrier: FieldSchema, schema: FieldSchema): ReadonlyMap<string, RuleTree> {
  const trees = new Map<string, RuleTree>();
  for (const [name, property] of Object.entries(carrier.properties ?? {})) {
    const own = schema.properties?.[name];
    if (own === undefined) continue;
    const tree = treeOf(property, childSchema(own));
    if (tree !== undefined) trees.set(name, tree);
  }
  return trees;
}

/** `declared` tells how large values may be, and has costs estimated. */
export function compileRulesOf(
  rules: readonly ValidationRule[],
  schema: FieldSchema,
  declared?: DeclaredSizes,
): readonly CompiledRule[] {
  const type = rules.length === 0 ? undefined : schemaType(schema);
  if (type === undefined) return [];
  const environments = environmentsOf(type);
  return rules.map((rule) => {
    const environment = environments(rule.optionalOldSelf === true);
    return compileRule(rule, schema, { environment, declared });
  });
}

const byType = new WeakMap<CelType, Map<boolean, Environment>>();

function environmentsOf(type: CelType): (optionalOldSelf: boolean) => Environment {
  const known = byType.get(type) ?? new Map<boolean, Environment>();
  byType.set(type, known);
  return (optionalOldSelf) => {
    const oldSelf = optionalOldSelf ? optionalOf(type) : type;
    const environment =
      known.get(optionalOldSelf) ??
      kubernetesEnvironment().extend({ variables: { self: type, oldSelf } });
    known.set(optionalOldSelf, environment);
    return environment;
  };
}

interface Compiling {
  readonly environment: Environment;
  readonly declared: DeclaredSizes | undefined;
}

function compileRule(
  rule: ValidationRule,
  schema: FieldSchema,
  compiling: Compiling,
): CompiledRule {
  if (rule.rule.trim() === "") return { rule, usesOldSelf: false };
  const { program, error, cost } = compileTo(compiling, rule.rule, "bool");
  if (program === undefined) return { rule, error, usesOldSelf: false };
  const fieldPath =
    rule.fieldPath === undefined ? undefined : ruleFieldPath(rule.fieldPath, schema);
  return {
    rule,
    program,
    usesOldSelf: program.mentions.has("oldSelf"),
    ...(cost === undefined ? {} : { cost }),
    ...messageOf(rule, compiling),
    ...(fieldPath === undefined || fieldPath === "" ? {} : { fieldPath }),
  };
}

function messageOf(
  { messageExpression = "" }: ValidationRule,
  compiling: Compiling,
): Pick<CompiledRule, "message" | "messageError" | "messageCost"> {
  if (messageExpression === "") return {};
  const { program, error, cost } = compileTo(compiling, messageExpression, "string");
  if (program === undefined) return { messageError: `messageExpression ${error}` };
  return { message: program, ...(cost === undefined ? {} : { messageCost: cost }) };
}

type Outcome =
  | { readonly program: Program; readonly error?: never; readonly cost: number | undefined }
  | { readonly program?: never; readonly error: string; readonly cost?: never };

function compileTo(
  { environment, declared }: Compiling,
  source: string,
  wanted: "bool" | "string",
): Outcome {
  let cost: number | undefined;
  const compiled = environment.compile(
    source,
    declared && ((checked) => (cost = estimateCost(checked, declared))),
  );
  if (compiled.program === undefined) return { error: `compilation failed: ${compiled.error}` };
  if (compiled.program.outputType.is === wanted) return { program: compiled.program, cost };
  return {
    error:
      wanted === "bool" ? "cel expression must evaluate to a bool" : "must evaluate to a string",
  };
}

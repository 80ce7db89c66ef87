// The rules of a schema, compiled, in a tree that follows it. Mirrors apiextensions-apiserver pkg/apiserver/schema/cel/{compilation,
// validation}.go.

import type { FieldSchema, ValidationRule } from "../../schemas/schema.ts";
import { type CelType, optionalOf } from "../check/cel-type.ts";
import { childSchema, resourceSchema, schemaType, valueSchema } from "../check/schema-type.ts";
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

export function compileRulesOf(
  rules: readonly ValidationRule[],
  schema: FieldSchema,
): readonly CompiledRule[] {
  const type = rules.length === 0 ? undefined : schemaType(schema);
  if (type === undefined) return [];
  const environments = environmentsOf(type);
  return rules.map((rule) =>
    compileRule(rule, schema, environments(rule.optionalOldSelf === true)),
  );
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

function compileRule(
  rule: ValidationRule,
  schema: FieldSchema,
  environment: Environment,
): CompiledRule {
  if (rule.rule.trim() === "") return { rule, usesOldSelf: false };
  const { program, error } = compileTo(environment, rule.rule, "bool");
  if (program === undefined) return { rule, error, usesOldSelf: false };
  const fieldPath =
    rule.fieldPath === undefined ? undefined : ruleFieldPath(rule.fieldPath, schema);
  return {
    rule,
    program,
    usesOldSelf: program.mentions.has("oldSelf"),
    ...messageOf(rule, environment),
    ...(fieldPath === undefined || fieldPath === "" ? {} : { fieldPath }),
  };
}

function messageOf(
  { messageExpression = "" }: ValidationRule,
  environment: Environment,
): Pick<CompiledRule, "message" | "messageError"> {
  if (messageExpression === "") return {};
  const { program, error } = compileTo(environment, messageExpression, "string");
  return program === undefined
    ? { messageError: `messageExpression ${error}` }
    : { message: program };
}

type Outcome =
  | { readonly program: Program; readonly error?: never }
  | { readonly program?: never; readonly error: string };

function compileTo(environment: Environment, source: string, wanted: "bool" | "string"): Outcome {
  const compiled = environment.compile(source);
  if (compiled.program === undefined) return { error: `compilation failed: ${compiled.error}` };
  if (compiled.program.outputType.is === wanted) return { program: compiled.program };
  return {
    error:
      wanted === "bool" ? "cel expression must evaluate to a bool" : "must evaluate to a string",
  };
}

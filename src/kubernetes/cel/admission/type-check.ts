// What a policy's expressions would not find in the kinds it is meant for. Warns and decides nothing.
// Mirrors apiserver pkg/admission/plugin/policy/validating/typechecking.go.

import type { KindFacts, FieldSchema } from "../../schemas/schema.ts";
import { type CelType, DYN } from "../check/cel-type.ts";
import { resourceSchema, schemaType } from "../check/schema-type.ts";
import { createPolicyCompiler } from "./policy-compiler.ts";

export interface CheckedPolicy {
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly {
    readonly expression: string;
    readonly messageExpression?: string;
  }[];
  readonly hasParams: boolean;
}

export interface ExpressionWarning {
  /** `spec.validations[0].expression` */
  readonly fieldRef: string;
  readonly warning: string;
}

/** `params`: the kind of the parameters, where it is served. */
export function typeWarnings(
  policy: CheckedPolicy,
  kinds: readonly KindFacts[],
  params: KindFacts | undefined,
): readonly ExpressionWarning[] {
  const compilers = kinds.map((facts) => ({
    name: kindText(facts),
    compile: compilerFor(policy, facts, params),
  }));
  const warningsAt = (fieldRef: string, expression = ""): readonly ExpressionWarning[] => {
    if (expression === "") return [];
    const found = compilers.flatMap(({ name, compile }) => {
      const error = compile(expression);
      return error === undefined ? [] : [`${name}: ${error}\n`];
    });
    return found.length === 0 ? [] : [{ fieldRef, warning: found.join("\n") }];
  };
  return policy.validations.flatMap(({ expression, messageExpression }, index) => [
    ...warningsAt(`spec.validations[${index}].expression`, expression),
    ...warningsAt(`spec.validations[${index}].messageExpression`, messageExpression),
  ]);
}

/** What is wrong with an expression; undefined when nothing is. */
function compilerFor(
  { variables, hasParams }: CheckedPolicy,
  facts: KindFacts,
  params: KindFacts | undefined,
): (expression: string) => string | undefined {
  const types = { object: typeOf(facts), params: params === undefined ? DYN : typeOf(params) };
  const scope = { hasParams, composes: variables.length > 0, mutates: false, types };
  const compiler = createPolicyCompiler(scope);
  for (const { name, expression } of variables) compiler.addVariable(name, expression);
  return (expression) => compiler.compile(expression, "any").error?.replace(COMPILATION, "");
}

const COMPILATION = /^compilation failed: /;

function typeOf({ schema, kind }: KindFacts): CelType {
  const hasMeta = (schema.properties?.["metadata"] as FieldSchema | undefined)?.properties?.[
    "name"
  ];
  return schemaType(hasMeta === undefined ? resourceSchema(schema) : schema, kind) ?? DYN;
}

function kindText({ group, version, kind }: KindFacts): string {
  return `${group === "" ? version : `${group}/${version}`}, Kind=${kind}`;
}

// Compiles the expressions of one policy, or of one webhook's conditions: which variables they see, what they must come to, and the
// policy's own variables, each of which sees those before it (apiserver pkg/admission/plugin/cel/{compile,composition}.go).

import { BOOL, type CelType, formatType, NULL, sameType, STRING } from "../check/cel-type.ts";
import type { Environment, Program } from "../environment.ts";
import { kubernetesEnvironment } from "../kubernetes-environment.ts";
import { DYN, listOf, type ObjectType } from "../check/cel-type.ts";
import { ADMISSION_VARIABLES, AUTHORIZER_VARIABLES } from "./admission-types.ts";
import { JSON_PATCH, JSON_PATCH_LIBRARY, mutationStruct, OBJECT } from "./mutation-types.ts";

export interface PolicyScope {
  readonly hasParams: boolean;
  /** Whether the policy has variables of its own. */
  readonly composes: boolean;
  readonly mutates: boolean;
  /** Types of `object` and `params` where they are known; otherwise anything goes until it is evaluated. */
  readonly types?: { readonly object: CelType; readonly params: CelType };
}

/** What an expression has to come to. */
export type Wanted = "bool" | "string" | "text-or-null" | "object" | "patch" | "any";

export interface PolicyExpression {
  readonly source: string;
  readonly program?: Program;
  /** As the API server words it: `compilation failed: …`, `must evaluate to bool but got int`. */
  readonly error?: string;
}

export interface PolicyVariable {
  readonly name: string;
  readonly expression: PolicyExpression;
}

export interface PolicyCompiler {
  readonly variables: readonly PolicyVariable[];
  addVariable(name: string, source: string): PolicyExpression;
  /** Message expressions and the like may not ask the authorizer. */
  compile(source: string, wanted: Wanted, mayAuthorize?: boolean): PolicyExpression;
}

const WANTED: Readonly<Record<Wanted, readonly CelType[]>> = {
  bool: [BOOL],
  string: [STRING],
  "text-or-null": [STRING, NULL],
  object: [OBJECT],
  patch: [listOf(JSON_PATCH)],
  any: [],
};

export function createPolicyCompiler(scope: PolicyScope): PolicyCompiler {
  const variables: PolicyVariable[] = [];
  const types = new Map<string, CelType>();
  const composed: ObjectType = {
    is: "object",
    name: "kubernetes.variables",
    field: (name) => types.get(name),
  };
  const environments = [false, true].map((mayAuthorize) =>
    scope.composes
      ? baseEnvironment(scope, mayAuthorize).extend({ variables: { variables: composed } })
      : baseEnvironment(scope, mayAuthorize),
  );
  const compile: PolicyCompiler["compile"] = (source, wanted, mayAuthorize = true) =>
    compileTo(environments[Number(mayAuthorize)] as Environment, source, WANTED[wanted]);
  return {
    variables,
    addVariable(name, source) {
      const expression = compile(source, "any");
      variables.push({ name, expression });
      types.set(name, expression.program?.outputType ?? DYN);
      return expression;
    },
    compile,
  };
}

const bases = new Map<string, Environment>();

function baseEnvironment(scope: PolicyScope, mayAuthorize: boolean): Environment {
  if (scope.types !== undefined) return typedEnvironment(scope, mayAuthorize, scope.types);
  const key = [scope.hasParams, scope.mutates, mayAuthorize].join();
  let environment = bases.get(key);
  if (environment === undefined) {
    environment = typedEnvironment(scope, mayAuthorize, { object: DYN, params: DYN });
    bases.set(key, environment);
  }
  return environment;
}

function typedEnvironment(
  { hasParams, mutates }: PolicyScope,
  mayAuthorize: boolean,
  { object, params }: NonNullable<PolicyScope["types"]>,
): Environment {
  return kubernetesEnvironment().extend({
    variables: {
      ...ADMISSION_VARIABLES,
      object,
      oldObject: object,
      ...(hasParams ? { params } : {}),
      ...(mayAuthorize ? AUTHORIZER_VARIABLES : {}),
    },
    ...(mutates ? { struct: mutationStruct, libraries: [JSON_PATCH_LIBRARY] } : {}),
  });
}

function compileTo(
  environment: Environment,
  source: string,
  wanted: readonly CelType[],
): PolicyExpression {
  const { program, ...rest } = environment.compile(source);
  if (program === undefined) {
    return { source, error: `compilation failed: ${"error" in rest ? rest.error : ""}` };
  }
  const type = program.outputType;
  if (wanted.length === 0 || wanted.some((one) => sameType(one, type))) return { source, program };
  const names = wanted.map(typeText);
  const list = names.length === 1 ? names[0] : `one of [${names.join(" ")}]`;
  return { source, error: `must evaluate to ${list} but got ${typeText(type)}` };
}

function typeText(type: CelType): string {
  return type.is === "null" ? "null_type" : formatType(type);
}

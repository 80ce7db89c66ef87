// The expressions of a stored policy, compiled once per stored object.

import type { Expressions, KubernetesObject } from "../../../kubernetes/index.ts";
import type { Condition, Expression } from "./match-conditions.ts";
import {
  type MutatingSpec,
  type PolicySpec,
  specOf,
  type ValidatingSpec,
} from "./policy-objects.ts";

type Compiler = ReturnType<Expressions["createPolicyCompiler"]>;

export interface CompiledPolicy {
  readonly conditions: readonly Condition[];
  readonly variables: Compiler["variables"];
}

export interface CompiledValidatingPolicy extends CompiledPolicy {
  readonly validations: readonly {
    readonly expression: Expression;
    readonly messageExpression: Expression | undefined;
  }[];
  readonly auditAnnotations: readonly { readonly key: string; readonly value: Expression }[];
}

export interface CompiledMutatingPolicy extends CompiledPolicy {
  readonly mutations: readonly {
    readonly patchType: string;
    readonly expression: Expression;
  }[];
}

const validating = new WeakMap<KubernetesObject, CompiledValidatingPolicy>();
const mutating = new WeakMap<KubernetesObject, CompiledMutatingPolicy>();

export function compileValidatingPolicy(
  expressions: Expressions,
  policy: KubernetesObject,
): CompiledValidatingPolicy {
  let compiled = validating.get(policy);
  if (compiled === undefined) {
    const { validations = [], auditAnnotations = [], ...spec } = specOf<ValidatingSpec>(policy);
    const { compiler, shared } = begin(expressions, spec, false);
    compiled = {
      ...shared,
      validations: validations.map(({ expression, messageExpression = "" }) => ({
        expression: compiler.compile(expression, "bool"),
        messageExpression:
          messageExpression === ""
            ? undefined
            : compiler.compile(messageExpression, "string", false),
      })),
      auditAnnotations: auditAnnotations.map(({ key, valueExpression }) => ({
        key,
        value: compiler.compile(valueExpression, "text-or-null"),
      })),
    };
    validating.set(policy, compiled);
  }
  return compiled;
}

export function compileMutatingPolicy(
  expressions: Expressions,
  policy: KubernetesObject,
): CompiledMutatingPolicy {
  let compiled = mutating.get(policy);
  if (compiled === undefined) {
    const { mutations = [], ...spec } = specOf<MutatingSpec>(policy);
    const { compiler, shared } = begin(expressions, spec, true);
    compiled = {
      ...shared,
      mutations: mutations.map(({ patchType, applyConfiguration, jsonPatch }) => ({
        patchType,
        expression:
          patchType === "JSONPatch"
            ? compiler.compile(jsonPatch?.expression ?? "", "patch")
            : compiler.compile(applyConfiguration?.expression ?? "", "object"),
      })),
    };
    mutating.set(policy, compiled);
  }
  return compiled;
}

/** Conditions do not see the policy's variables; those see each other in order. */
function begin(
  { createPolicyCompiler }: Expressions,
  { paramKind, matchConditions = [], variables = [] }: PolicySpec,
  mutates: boolean,
): { readonly compiler: Compiler; readonly shared: CompiledPolicy } {
  const hasParams = paramKind !== undefined;
  const plain = createPolicyCompiler({ hasParams, composes: false, mutates: false });
  const compiler = createPolicyCompiler({ hasParams, composes: variables.length > 0, mutates });
  for (const { name, expression } of variables) compiler.addVariable(name, expression);
  const conditions = matchConditions.map(({ name, expression }) => ({
    name,
    expression: plain.compile(expression, "bool"),
  }));
  return { compiler, shared: { conditions, variables: compiler.variables } };
}

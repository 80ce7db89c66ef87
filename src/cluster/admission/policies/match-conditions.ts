// Conditions that narrow down what a policy or webhook is asked about. Mirrors apiserver
// pkg/admission/plugin/webhook/matchconditions/matcher.go: one that is false settles it, whatever fails beside it.

import type { Expressions } from "../../../kubernetes/index.ts";

type Scope = ReturnType<Expressions["admissionScope"]>;
export type Expression = ReturnType<ReturnType<Expressions["createPolicyCompiler"]>["compile"]>;

export interface Condition {
  readonly name: string;
  readonly expression: Expression;
}

/** `failed` is what the server says when no condition is false and some could not be evaluated. */
export type Verdict =
  | { readonly matches: boolean; readonly failed?: undefined }
  | { readonly matches: false; readonly failed: string };

export function matchConditions(
  { ExpressionFailure }: Expressions,
  scope: Scope,
  conditions: readonly Condition[],
): Verdict {
  const failures: string[] = [];
  for (const { expression } of conditions) {
    try {
      if (scope.evaluate(expression) !== true) return { matches: false };
    } catch (error) {
      if (!(error instanceof ExpressionFailure)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length === 0) return { matches: true };
  const failed = failures.length === 1 ? failures[0] : `[${failures.join(", ")}]`;
  return { matches: false, failed: failed ?? "" };
}

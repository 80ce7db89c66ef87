// What expressions say against an object: the rules of its kind's schema, and, for objects that hold expressions themselves, whether
// those compile. The expression language is loaded when the first of them is met.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { loadExpressions } from "../../../kubernetes/index.ts";
import type { Caller } from "../caller.ts";
import type { Resource } from "../resource.ts";
import { hasRules, isBlocked } from "./schema.ts";

/** Other objects are judged without waiting for anything. `causes` is what was found before. */
export function hasExpressions(
  { facts, strategy }: Resource,
  causes: readonly StatusCause[],
  object: KubernetesObject,
  old?: KubernetesObject,
): boolean {
  if (strategy.validateExpressions !== undefined) {
    return strategy.holdsExpressions?.(object, old, causes) ?? true;
  }
  return facts.custom !== undefined && hasRules(facts.schema) && !isBlocked(causes);
}

export async function expressionCauses(
  { facts, strategy }: Resource,
  caller: Caller,
  object: KubernetesObject,
  old?: KubernetesObject,
): Promise<readonly StatusCause[]> {
  const expressions = await loadExpressions();
  if (strategy.validateExpressions !== undefined) {
    return strategy.validateExpressions(expressions, object, old);
  }
  const { causes, warnings } = expressions.validateRules(facts.schema, object, old);
  for (const warning of warnings) caller.warn(warning);
  return causes;
}

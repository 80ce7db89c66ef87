// Types of `all`, `exists`, `map` and their kin: what their variables are, and what comes out. Mirrors what the macros of cel-go
// expand to (parser/macro.go, ext/comprehensions.go).

import type { ComprehensionNode } from "../syntax/node.ts";
import { assignable, isWild } from "./assignable.ts";
import { BOOL, type CelType, DYN, ERROR, formatType, INT, listOf, mapOf } from "./cel-type.ts";
import { type Checking, type Locals, mismatch, report, resolved } from "./checking.ts";

export function checkComprehension(
  checking: Checking,
  node: ComprehensionNode,
  outer: Locals | undefined,
): CelType {
  const range = resolved(checking, checking.check(node.range, outer));
  const types = variableTypes(checking, node, range);
  const locals = node.variables.reduce<Locals | undefined>(
    (scope, name, index) => ({ name, type: types[index] ?? DYN, outer: scope }),
    outer,
  );
  if (node.condition !== undefined) {
    const type = checking.check(node.condition, locals);
    if (!assignable(checking.bindings, BOOL, type)) {
      mismatch(checking, node.condition, BOOL, resolved(checking, type));
    }
  }
  const result = node.result === undefined ? undefined : checking.check(node.result, locals);
  return resolved(checking, resultType(node, range, types, result));
}

function variableTypes(
  checking: Checking,
  { range: node, variables }: ComprehensionNode,
  range: CelType,
): readonly CelType[] {
  const isPair = variables.length === 2;
  if (range.is === "list") return isPair ? [INT, range.element] : [range.element];
  if (range.is === "map") return isPair ? [range.key, range.value] : [range.key];
  if (range.is === "param") assignable(checking.bindings, DYN, range);
  if (isWild(range) || range.is === "param") return [DYN, DYN];
  const words = "cannot be range of a comprehension (must be list, map, or dynamic)";
  report(checking, node.at, `expression of type '${formatType(range)}' ${words}`);
  return [ERROR, ERROR];
}

function resultType(
  { kind }: ComprehensionNode,
  range: CelType,
  [first = DYN]: readonly CelType[],
  result: CelType | undefined,
): CelType {
  switch (kind) {
    case "all":
    case "exists":
    case "existsOne":
      return BOOL;
    case "filter":
      return listOf(first);
    case "map":
      return listOf(result ?? DYN);
    case "transformMap":
      return mapOf(range.is === "list" ? INT : first, result ?? DYN);
    case "transformMapEntry":
      return result?.is === "map" ? result : mapOf(DYN, DYN);
  }
}

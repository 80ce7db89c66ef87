// The most an expression can cost, whatever it is given within the limits of its schema. Mirrors cel-go checker/cost.go, in whose order
// everything is visited: sizes and paths found on the way decide about what comes after.

import type { CheckedExpression } from "../check/check.ts";
import { callCost } from "./call-cost.ts";
import type { BindNode, CallNode, CostNode, LoopNode } from "./cost-node.ts";
import {
  bind,
  bindEach,
  copySizes,
  type DeclaredSizes,
  entriesAt,
  type Estimation,
  localOf,
  operandOf,
  pathAt,
  sizeAt,
} from "./estimation.ts";
import { ACCUMULATOR, expand, expandedSize } from "./expand.ts";
import { append, type FieldPath, pathOf } from "./field-path.ts";
import { add, exactly, MOST, multiply, type SizeRange, UNKNOWN_SIZE, unite } from "./size-range.ts";

/** common/cost.go; presence tests are free (apiserver pkg/cel/environment/base.go PresenceTestHasCost). */
const SELECT_COST = 1;
const LIST_COST = 10;
const MAP_COST = 30;
const STRUCT_COST = 40;

/** Far above any expression in use: what a chain of `optMap` expands to doubles with each of them. */
const NODES_MAX = 200_000;

/** An expression that is too large to be looked at costs too much. */
export function estimateCost(checked: CheckedExpression, declared: DeclaredSizes): number {
  if (checked.root === undefined) return 0;
  if (expandedSize(checked.root) > NODES_MAX) return MOST;
  return costOf({ declared, locals: new Map() }, expand(checked, checked.root));
}

function costOf(estimation: Estimation, node: CostNode): number {
  switch (node.is) {
    case "literal":
      return 0;
    case "ident":
      node.path = localOf(estimation, node.name)?.path ?? pathFrom(estimation, node.name);
      return SELECT_COST;
    case "select": {
      const cost = costOf(estimation, node.operand);
      if (node.isTest) return cost;
      node.path = append(pathAt(estimation, node.operand), node.field);
      const { is } = node.operand.type;
      return is === "map" || is === "object" ? add(cost, SELECT_COST) : cost;
    }
    case "call":
      return costOfCall(estimation, node);
    case "list":
    case "map":
    case "struct":
      return costOfLiteral(estimation, node);
    case "loop":
      return costOfLoop(estimation, node);
    case "bind":
      return costOfBind(estimation, node);
  }
}

/** A local without a path, such as an accumulator, leaves the name without one. */
function pathFrom(estimation: Estimation, name: string): FieldPath | undefined {
  return localOf(estimation, name) === undefined ? pathOf(name) : undefined;
}

function costOfCall(estimation: Estimation, node: CallNode): number {
  if (node.name === "dyn") return costOfDyn(estimation, node);
  const costs: number[] = [];
  const args = node.args.map((arg) => {
    costs.push(costOf(estimation, arg));
    return operandOf(estimation, arg);
  });
  const before = node.target === undefined ? 0 : costOf(estimation, node.target);
  const target = node.target && operandOf(estimation, node.target);
  let most = 0;
  let size: SizeRange | undefined;
  for (const params of node.overloads) {
    const made = callCost(estimation, { node, params, target, args, costs });
    most = Math.max(most, made.cost);
    if (made.size !== undefined) size = size === undefined ? made.size : unite(size, made.size);
    const [container] = node.args;
    const index = node.name === "_[_]" ? params[0]?.is : undefined;
    if (container !== undefined && (index === "list" || index === "map")) {
      size = entriesAt(estimation, container)?.value;
      node.path = append(pathAt(estimation, container), index === "list" ? "@items" : "@values");
    }
    size ??= sizeAt(estimation, node);
  }
  if (size !== undefined) node.size = size;
  return add(before, most);
}

/** It only hides the type. */
function costOfDyn(estimation: Estimation, node: CallNode): number {
  const [arg] = node.args;
  if (arg === undefined) return 0;
  const cost = costOf(estimation, arg);
  copySizes(estimation, node, arg);
  return add(cost, 1);
}

const NOTHING: SizeRange = { min: MOST, max: 0 };

function costOfLiteral(
  estimation: Estimation,
  node: CostNode & { readonly is: "list" | "map" | "struct" },
): number {
  let cost = node.is === "list" ? LIST_COST : node.is === "map" ? MAP_COST : STRUCT_COST;
  const visit = (part: CostNode): SizeRange => {
    cost = add(cost, costOf(estimation, part));
    return sizeAt(estimation, part) ?? UNKNOWN_SIZE;
  };
  if (node.is === "struct") node.values.forEach(visit);
  if (node.is === "list") {
    const value = node.elements.map(visit).reduce(unite, emptyOr(node.elements));
    node.entries = { kind: "list", key: exactly(1), value };
  }
  if (node.is === "map") {
    const empty = emptyOr(node.pairs);
    const sizes = node.pairs.map(([key, value]) => [visit(key), visit(value)] as const);
    const key = sizes.reduce((all, [size]) => unite(all, size), empty);
    const value = sizes.reduce((all, [, size]) => unite(all, size), empty);
    node.entries = { kind: "map", key, value };
  }
  return cost;
}

function emptyOr(parts: readonly unknown[]): SizeRange {
  return parts.length === 0 ? exactly(0) : NOTHING;
}

function costOfLoop(estimation: Estimation, node: LoopNode): number {
  const { range, start, condition, step, result, variables } = node;
  const before = add(costOf(estimation, range), costOf(estimation, start));
  bind(estimation, ACCUMULATOR, start);
  const [first = "", second] = variables;
  if (second === undefined) bindEach(estimation, first, range, "single");
  else {
    bindEach(estimation, first, range, "key");
    bindEach(estimation, second, range, "value");
  }
  const each = add(costOf(estimation, condition), costOf(estimation, step));
  for (const name of variables) estimation.locals.get(name)?.pop();
  const after = costOf(estimation, result);
  estimation.locals.get(ACCUMULATOR)?.pop();
  const count = sizeAt(estimation, range) ?? UNKNOWN_SIZE;
  if (start.is === "literal") {
    const size = sizeAt(estimation, start);
    if (size !== undefined) node.size = size;
  } else {
    node.size = count;
    const entries = entriesAt(estimation, step);
    if (entries !== undefined) node.entries = entries;
  }
  return add(add(before, after), multiply(count.max, each));
}

function costOfBind(estimation: Estimation, node: BindNode): number {
  // It is written as a loop over an empty list.
  const before = add(LIST_COST, costOf(estimation, node.value));
  bind(estimation, node.variable, node.value);
  const cost = add(before, costOf(estimation, node.result));
  estimation.locals.get(node.variable)?.pop();
  copySizes(estimation, node, node.result);
  return cost;
}

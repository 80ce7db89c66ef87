// What calls cost, and how large their results are, as the language itself says (cel-go checker/cost.go functionCost). Libraries speak
// of their own functions.

import type { CallNode } from "./cost-node.ts";
import { entriesAt, type Estimation, type Operand } from "./estimation.ts";
import { LIBRARY_COSTS, opaqueEquality } from "./library-cost.ts";
import { LIST_COSTS } from "./list-cost.ts";
import { type Call, type CallCost, type Estimate, type Estimates } from "./sized-call.ts";
import { isText, matchCost, sizeOf, walk } from "./sized-call.ts";
import { add, addSizes, MOST, multiply, scale, STRING_FACTOR, unite } from "./size-range.ts";

/** With what its arguments cost. */
export function callCost(estimation: Estimation, call: Call): CallCost {
  const { name } = call.node;
  const logic = estimateFor(LOGIC, name)?.(call, estimation);
  if (logic !== undefined) return logic;
  const own = estimateFor(CALLS, name)?.(call, estimation) ?? { cost: 1 };
  return { ...own, cost: call.costs.reduce(add, own.cost) };
}

function estimateFor(table: Estimates, name: string): Estimate | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const both: Estimate = ({ costs }) => ({ cost: costs.reduce(add, 0) });

/** They cost nothing themselves, and not all of their arguments are evaluated. */
const LOGIC: Estimates = {
  "_&&_": both,
  "_||_": both,
  "_?_:_": (
    { node, args: [, yes, no], costs: [test = 0, ifTrue = 0, ifFalse = 0] },
    estimation,
  ) => {
    uniteEntries(estimation, node, yes, no);
    return { cost: add(test, Math.max(ifTrue, ifFalse)), size: unite(sizeOf(yes), sizeOf(no)) };
  },
};

function uniteEntries(
  estimation: Estimation,
  node: CallNode,
  a: Operand | undefined,
  b: Operand | undefined,
): void {
  const left = a && entriesAt(estimation, a.node);
  const right = b && entriesAt(estimation, b.node);
  if (left === undefined || right === undefined) return;
  const key = unite(left.key, right.key);
  node.entries = { kind: left.kind, key, value: unite(left.value, right.value) };
}

const smaller: Estimate = ({ args: [a, b] }) => ({
  cost: scale(Math.min(sizeOf(a).max, sizeOf(b).max), STRING_FACTOR),
});

const smallerText: Estimate = (call, estimation) =>
  call.params.every(isText) ? smaller(call, estimation) : undefined;

const prefix: Estimate = ({ args: [part] }) => ({ cost: walk(part) });

const CALLS: Estimates = {
  ...LIST_COSTS,
  ...LIBRARY_COSTS,
  "_==_": (call, estimation) => opaqueEquality(call) ?? smaller(call, estimation),
  "_!=_": smaller,
  "_<_": smallerText,
  "_<=_": smallerText,
  "_>_": smallerText,
  "_>=_": smallerText,
  "_+_": ({ node, params: [type], args: [a, b] }, estimation) => {
    if (type === undefined || (type.is !== "list" && !isText(type))) return undefined;
    uniteEntries(estimation, node, a, b);
    const size = addSizes(sizeOf(a), sizeOf(b));
    return { cost: type.is === "list" ? 1 : scale(size.max, STRING_FACTOR), size };
  },
  "@in": ({ params: [, where], args: [, list] }) =>
    where?.is === "list" ? { cost: sizeOf(list).max } : undefined,
  bytes: ({ params: [from], args: [text] }) => {
    if (from?.is !== "string") return undefined;
    const { min, max } = sizeOf(text);
    return { cost: walk(text), size: { min, max: multiply(max, 4) } };
  },
  string: ({ params: [from], args: [bytes] }) => {
    if (from?.is !== "bytes") return undefined;
    const { min, max } = sizeOf(bytes);
    return { cost: walk(bytes), size: { min: Math.floor(min / 4), max } };
  },
  "strings.quote": ({ args: [text] }) => {
    const { min, max } = sizeOf(text);
    // In Go twice the largest number, and two, is nothing.
    return { cost: walk(text), size: { min: min + 2, max: max === MOST ? 0 : max * 2 + 2 } };
  },
  format: ({ target }) => ({ cost: walk(target) }),
  startsWith: prefix,
  endsWith: prefix,
  contains: ({ target, args: [part] }) => ({ cost: multiply(walk(target), walk(part)) }),
  // As a function of two arguments it is forgotten.
  matches: ({ target, args: [pattern] }) => target && { cost: matchCost(target, pattern) },
};

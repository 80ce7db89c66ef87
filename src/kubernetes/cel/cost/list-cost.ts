// What the functions over lists and sets cost (cel-go ext/lists.go, ext/sets.go).

import type { Operand } from "./estimation.ts";
import { type CallCost, type Estimate, type Estimates, isText, sizeOf } from "./sized-call.ts";
import { writtenNumber } from "./sized-call.ts";
import {
  add,
  exactly,
  MOST,
  multiply,
  multiplySizes,
  scale,
  type SizeRange,
} from "./size-range.ts";
import { STRING_FACTOR } from "./size-range.ts";

/** For the call, and for the list it makes. */
const CALL_AND_LIST = 1 + 10;

function making(size: SizeRange, factor = 1): CallCost {
  return { cost: add(scale(size.max, factor), CALL_AND_LIST), size };
}

/** Every item is compared with every other. */
function comparing(list: Operand | undefined, factor: number): CallCost {
  const size = sizeOf(list);
  return making(multiplySizes(size, size), factor);
}

/** By the type of what decides about the order, which is that of the last parameter. */
const sorting: Estimate = ({ params, target, args }) => {
  const by = params.at(-1);
  const ofText = by?.is === "list" && isText(by.element);
  return comparing(args[0] ?? target, ofText ? 2 + STRING_FACTOR : 2);
};

const pairs =
  (times: number): Estimate =>
  ({ args: [a, b] }) => ({
    cost: add(scale(multiply(sizeOf(a).max, sizeOf(b).max), times), 1),
  });

export const LIST_COSTS: Estimates = {
  slice: ({ target, args: [from, to] }) => {
    const start = writtenNumber(from?.node) ?? 0;
    const end = writtenNumber(to?.node) ?? sizeOf(target).max;
    // Less than nothing is, in Go, next to everything.
    return making(exactly(end < start ? MOST : end - start));
  },
  "lists.range": ({ args: [count] }) => making(exactly(writtenNumber(count?.node) ?? MOST)),
  reverse: ({ target }) => making(sizeOf(target)),
  flatten: ({ target, args: [depth] }) =>
    making(sizeOf(target), depth === undefined ? 1 : (writtenNumber(depth.node) ?? MOST)),
  distinct: ({ target }) => comparing(target, 2),
  sort: sorting,
  "@sortByAssociatedKeys": sorting,
  "sets.contains": pairs(1),
  "sets.intersects": pairs(1),
  "sets.equivalent": pairs(2),
};

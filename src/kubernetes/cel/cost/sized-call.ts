// A call whose parts have been counted, and how its own cost is told.

import type { CelType } from "../check/cel-type.ts";
import type { CallNode, CostNode } from "./cost-node.ts";
import type { Estimation, Operand } from "./estimation.ts";
import {
  add,
  multiply,
  REGEX_FACTOR,
  scale,
  type SizeRange,
  STRING_FACTOR,
  UNKNOWN_SIZE,
} from "./size-range.ts";

/** A call as one of the overloads it may be. */
export interface Call {
  readonly node: CallNode;
  /** The receiver of a member first. */
  readonly params: readonly CelType[];
  readonly target: Operand | undefined;
  readonly args: readonly Operand[];
  /** What the arguments cost. */
  readonly costs: readonly number[];
}

export interface CallCost {
  /** Without what its parts cost. */
  readonly cost: number;
  /** Of a text, list or map it makes. */
  readonly size?: SizeRange;
}

/** Undefined when this form of the function costs no more than any call. */
export type Estimate = (call: Call, estimation: Estimation) => CallCost | undefined;

export type Estimates = Readonly<Record<string, Estimate>>;

export function sizeOf(operand: Operand | undefined): SizeRange {
  return operand?.size ?? UNKNOWN_SIZE;
}

/** Through the characters of a text. */
export function walk(operand: Operand | undefined, times = 1): number {
  return scale(sizeOf(operand).max, times * STRING_FACTOR);
}

/** One more character than there are, because an expensive pattern is no cheaper for an empty text. */
export function matchCost(text: Operand | undefined, pattern: Operand | undefined): number {
  const walked = scale(add(sizeOf(text).max, 1), STRING_FACTOR);
  return multiply(walked, scale(sizeOf(pattern).max, REGEX_FACTOR));
}

export function isText({ is }: CelType): boolean {
  return is === "string" || is === "bytes";
}

/** A whole number that is written down; none is negative. */
export function writtenNumber(node: CostNode | undefined): number | undefined {
  const isNumber = node?.is === "literal" && typeof node.value === "bigint";
  return isNumber ? Math.max(0, Number(node.value)) : undefined;
}

// How large a value may be, and arithmetic that stops at what an unsigned 64-bit number holds. Mirrors cel-go checker/cost.go
// (SizeEstimate, CostEstimate); of a cost only the most is kept, because only that is ever compared.

/** Characters, bytes, items or entries. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** 2^64 stands for the largest unsigned number: nothing tells them apart. */
export const MOST = 2 ** 64;

export const UNKNOWN_SIZE: SizeRange = { min: 0, max: MOST };

/** common/cost.go */
export const STRING_FACTOR = 0.1;
export const REGEX_FACTOR = 0.25;

export function exactly(size: number): SizeRange {
  return { min: size, max: size };
}

export function add(a: number, b: number): number {
  return Math.min(a + b, MOST);
}

export function multiply(a: number, b: number): number {
  return Math.min(a * b, MOST);
}

/** Rounded up. */
export function scale(size: number, factor: number): number {
  return Math.min(Math.ceil(size * factor), MOST);
}

export function addSizes(a: SizeRange, b: SizeRange): SizeRange {
  return { min: add(a.min, b.min), max: add(a.max, b.max) };
}

export function multiplySizes(a: SizeRange, b: SizeRange): SizeRange {
  return { min: multiply(a.min, b.min), max: multiply(a.max, b.max) };
}

export function unite(a: SizeRange, b: SizeRange): SizeRange {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

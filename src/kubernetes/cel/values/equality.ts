// Equality and order of values (cel-spec doc/langdef.md "Equality", "Ordering"): numbers compare by value across their kinds,
// everything else only with its own kind.

import {
  CelDuration,
  CelError,
  CelMap,
  CelOpaque,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
} from "./value.ts";
import { formatType } from "../check/cel-type.ts";
import { listTraits } from "./list-traits.ts";

export function celEquals(a: CelValue, b: CelValue): boolean {
  if (a === b) return true;
  const numbers = asNumbers(a, b);
  if (numbers !== undefined)
    return !(numbers[0] < numbers[1]) && !(numbers[0] > numbers[1]) && !numbers.some(Number.isNaN);
  if (isList(a) && isList(b)) return listsEqual(a, b);
  if (a instanceof CelMap && b instanceof CelMap) return mapsEqual(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b) === 0;
  if (isInstant(a) && isInstant(b)) return sameKind(a, b) && a.nanos === b.nanos;
  if (a instanceof CelTypeValue && b instanceof CelTypeValue) {
    return typeText(a) === typeText(b);
  }
  if (a instanceof CelOptional && b instanceof CelOptional) return optionalsEqual(a, b);
  if (a instanceof CelOpaque && b instanceof CelOpaque) {
    return a.typeName === b.typeName && a.equals(b);
  }
  return false;
}

/** Below zero, zero or above; undefined where two values have no order. */
export function celCompare(a: CelValue, b: CelValue): number | undefined {
  const numbers = asNumbers(a, b);
  if (numbers !== undefined) {
    if (numbers.some((number) => Number.isNaN(number)))
      throw new CelError("NaN values cannot be ordered");
    return numbers[0] < numbers[1] ? -1 : numbers[0] > numbers[1] ? 1 : 0;
  }
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  if (isInstant(a) && isInstant(b) && sameKind(a, b)) {
    return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
  }
  return undefined;
}

export function isList(value: CelValue): value is readonly CelValue[] {
  return Array.isArray(value);
}

type Numbers = readonly [bigint | number, bigint | number];

function asNumbers(a: CelValue, b: CelValue): Numbers | undefined {
  const left = numberOf(a);
  const right = left === undefined ? undefined : numberOf(b);
  return left === undefined || right === undefined ? undefined : [left, right];
}

function numberOf(value: CelValue): bigint | number | undefined {
  if (typeof value === "bigint" || typeof value === "number") return value;
  return value instanceof CelUint ? value.value : undefined;
}

function typeText({ type }: CelTypeValue): string {
  return type.is === "list" || type.is === "map" || type.is === "type" ? type.is : formatType(type);
}

function isInstant(value: CelValue): value is CelTimestamp | CelDuration {
  return value instanceof CelTimestamp || value instanceof CelDuration;
}

function sameKind(a: CelTimestamp | CelDuration, b: CelTimestamp | CelDuration): boolean {
  return a instanceof CelTimestamp === b instanceof CelTimestamp;
}

/** Sets and lists with keys of a CustomResourceDefinition have no order. */
function listsEqual(a: readonly CelValue[], b: readonly CelValue[]): boolean {
  if (a.length !== b.length) return false;
  const traits = listTraits(a) ?? listTraits(b);
  if (traits === undefined) return a.every((item, index) => celEquals(item, b[index] ?? null));
  if (traits.is === "set") return a.every((item) => b.some((other) => celEquals(item, other)));
  const others = new Map(b.map((item) => [traits.keyOf(item), item]));
  return a.every((item) => {
    const other = others.get(traits.keyOf(item));
    return other !== undefined && celEquals(item, other);
  });
}

function mapsEqual(a: CelMap, b: CelMap): boolean {
  const keys = a.keys();
  if (keys.length !== b.size) return false;
  return keys.every((key) => {
    const other = b.get(key);
    const own = a.get(key);
    return own !== undefined && other !== undefined && celEquals(own, other);
  });
}

function optionalsEqual({ content: a }: CelOptional, { content: b }: CelOptional): boolean {
  return a === undefined || b === undefined ? a === b : celEquals(a, b);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** By code points, as UTF-8 bytes order. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  for (let index = 0; ; index += 1) {
    const left = a.codePointAt(index);
    const right = b.codePointAt(index);
    if (left === undefined || right === undefined) return a.length - b.length;
    if (left !== right) return left - right;
    if (left > 0xffff) index += 1;
  }
}

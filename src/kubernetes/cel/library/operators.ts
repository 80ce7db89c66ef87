// The operators of the language (cel-go common/stdlib/standard.go). Arithmetic overflows into an error, never around.

import type { Evaluation } from "../evaluate/evaluation.ts";
import { celCompare, celEquals, isList } from "../values/equality.ts";
import { toJson } from "../values/from-json.ts";
import { durationInRange, timestampInRange } from "../values/instants.ts";
import { listTraits, type ListTraits, withListTraits } from "../values/list-traits.ts";
import {
  type CelDuration,
  CelError,
  CelMap,
  CelOptional,
  type CelTimestamp,
  CelUint,
  type CelValue,
} from "../values/value.ts";
import type { Implementation, Library } from "./overload.ts";

type List = readonly CelValue[];

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

export function intInRange(value: bigint): bigint {
  if (value < INT_MIN || value > INT_MAX) throw new CelError("integer overflow");
  return value;
}

export function uintInRange(value: bigint): CelUint {
  if (value < 0n || value >= 2n ** 64n) throw new CelError("unsigned integer overflow");
  return new CelUint(value);
}

function divisor(value: bigint, what: string): bigint {
  if (value === 0n) throw new CelError(what);
  return value;
}

const DIVISION = "division by zero";
const MODULUS = "modulus by zero";

const arithmetic: Library = {
  "_+_(bytes, bytes): bytes": (a: Uint8Array, b: Uint8Array) => Uint8Array.from([...a, ...b]),
  "_+_(double, double): double": (a: number, b: number) => a + b,
  "_+_(duration, duration): duration": (a: CelDuration, b: CelDuration) =>
    durationInRange(a.nanos + b.nanos),
  "_+_(duration, timestamp): timestamp": (a: CelDuration, b: CelTimestamp) =>
    timestampInRange(a.nanos + b.nanos),
  "_+_(timestamp, duration): timestamp": (a: CelTimestamp, b: CelDuration) =>
    timestampInRange(a.nanos + b.nanos),
  "_+_(int, int): int": (a: bigint, b: bigint) => intInRange(a + b),
  "_+_(list<A>, list<A>): list<A>": addLists,
  "_+_(string, string): string": (a: string, b: string, evaluation: Evaluation) => {
    evaluation.walk(a.length + b.length);
    return a + b;
  },
  "_+_(uint, uint): uint": (a: CelUint, b: CelUint) => uintInRange(a.value + b.value),
  "_-_(double, double): double": (a: number, b: number) => a - b,
  "_-_(duration, duration): duration": (a: CelDuration, b: CelDuration) =>
    durationInRange(a.nanos - b.nanos),
  "_-_(int, int): int": (a: bigint, b: bigint) => intInRange(a - b),
  "_-_(timestamp, duration): timestamp": (a: CelTimestamp, b: CelDuration) =>
    timestampInRange(a.nanos - b.nanos),
  "_-_(timestamp, timestamp): duration": (a: CelTimestamp, b: CelTimestamp) =>
    durationInRange(a.nanos - b.nanos),
  "_-_(uint, uint): uint": (a: CelUint, b: CelUint) => uintInRange(a.value - b.value),
  "_*_(double, double): double": (a: number, b: number) => a * b,
  "_*_(int, int): int": (a: bigint, b: bigint) => intInRange(a * b),
  "_*_(uint, uint): uint": (a: CelUint, b: CelUint) => uintInRange(a.value * b.value),
  "_/_(double, double): double": (a: number, b: number) => a / b,
  "_/_(int, int): int": (a: bigint, b: bigint) => intInRange(a / divisor(b, DIVISION)),
  "_/_(uint, uint): uint": (a: CelUint, b: CelUint) =>
    uintInRange(a.value / divisor(b.value, DIVISION)),
  "_%_(int, int): int": (a: bigint, b: bigint) => a % divisor(b, MODULUS),
  "_%_(uint, uint): uint": (a: CelUint, b: CelUint) =>
    uintInRange(a.value % divisor(b.value, MODULUS)),
  "-_(double): double": (a: number) => -a,
  "-_(int): int": (a: bigint) => intInRange(-a),
  "!_(bool): bool": (a: boolean) => !a,
};

/** Sets unite, lists with keys take over what the right side says about a key; others append. */
function addLists(a: List, b: List, evaluation: Evaluation): List {
  evaluation.walk(a.length + b.length);
  const traits = listTraits(a);
  if (traits === undefined) return [...a, ...b];
  return withListTraits(traits.is === "set" ? union(a, b) : merged(a, b, traits.keyOf), traits);
}

function union(a: List, b: List): List {
  return [...a, ...b.filter((item) => !a.some((own) => celEquals(own, item)))];
}

function merged(a: List, b: List, keyOf: (ListTraits & { is: "map" })["keyOf"]): List {
  const byKey = new Map([...a, ...b].map((item) => [keyOf(item), item]));
  return [...byKey.values()];
}

type Order = (order: number) => boolean;

const ORDERED = ["bool", "string", "bytes", "timestamp", "duration"];
const NUMERIC = ["int", "uint", "double"];

function comparison(sign: string, holds: Order): Library {
  const compare: Implementation = (a: CelValue, b: CelValue, evaluation: Evaluation) => {
    if (typeof a === "string" && typeof b === "string") {
      evaluation.walk(Math.min(a.length, b.length));
    }
    return holds(celCompare(a, b) ?? Number.NaN);
  };
  const pairs = [
    ...ORDERED.map((type) => [type, type]),
    ...NUMERIC.flatMap((type) => NUMERIC.map((other) => [type, other])),
  ];
  return Object.fromEntries(pairs.map(([a, b]) => [`_${sign}_(${a}, ${b}): bool`, compare]));
}

const relations: Library = {
  "_==_(A, A): bool": equal,
  "_!=_(A, A): bool": (a: CelValue, b: CelValue, evaluation: Evaluation) =>
    !equal(a, b, evaluation),
  ...comparison("<", (order) => order < 0),
  ...comparison("<=", (order) => order <= 0),
  ...comparison(">", (order) => order > 0),
  ...comparison(">=", (order) => order >= 0),
  "@in(A, list<A>): bool": (item: CelValue, list: List, evaluation: Evaluation) => {
    evaluation.spend(list.length);
    return list.some((other) => celEquals(item, other));
  },
  "@in(A, map<A, B>): bool": (key: CelValue, map: CelMap) => map.has(key),
};

function equal(a: CelValue, b: CelValue, evaluation: Evaluation): boolean {
  evaluation.walk(Math.min(sizeOf(a), sizeOf(b)));
  return celEquals(a, b);
}

function sizeOf(value: CelValue): number {
  if (typeof value === "string" || isList(value)) return value.length;
  return value instanceof CelMap ? value.size : 1;
}

const indexing: Library = {
  "_[_](list<A>, int): A": (list: List, index: bigint) => itemAt(list, index),
  "_[_](map<A, B>, A): B": (map: CelMap, key: CelValue) => {
    const found = map.get(key);
    if (found === undefined) throw new CelError(`no such key: ${keyText(key)}`);
    return found;
  },
  ...Object.fromEntries(
    ["_[_]", "_[?_]"].flatMap((name) => [
      [`${name}(optional<list<A>>, int): optional<A>`, optionalIndex],
      [`${name}(optional<map<A, B>>, A): optional<B>`, optionalIndex],
    ]),
  ),
  "_[?_](list<A>, int): optional<A>": optionalIndex,
  "_[?_](map<A, B>, A): optional<B>": optionalIndex,
};

function itemAt(list: List, index: bigint): CelValue {
  const item = index < 0n ? undefined : list[Number(index)];
  if (item === undefined) throw new CelError(`index out of bounds: ${index}`);
  return item;
}

function keyText(key: CelValue): string {
  if (typeof key === "string") return key;
  return key instanceof CelUint ? String(key.value) : JSON.stringify(toJson(key));
}

function optionalIndex(target: CelValue, key: CelValue): CelOptional {
  const content = target instanceof CelOptional ? target.content : target;
  if (content === undefined) return CelOptional.none;
  const found = isList(content)
    ? content[Number(key)]
    : content instanceof CelMap
      ? content.get(key)
      : undefined;
  return found === undefined ? CelOptional.none : new CelOptional(found);
}

/** Their evaluation is in evaluate/logic.ts; here they only have types. */
const logic: Library = {
  "_?_:_(bool, A, A): A": (_: boolean, yes: CelValue) => yes,
  "_&&_(bool, bool): bool": (a: boolean, b: boolean) => a && b,
  "_||_(bool, bool): bool": (a: boolean, b: boolean) => a || b,
};

export const OPERATORS: Library = { ...arithmetic, ...relations, ...indexing, ...logic };

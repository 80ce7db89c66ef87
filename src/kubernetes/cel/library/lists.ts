// Lists: Kubernetes' own functions (apiserver pkg/cel/library/lists.go), cel-go's (ext/lists.go, version 3) and sets (ext/sets.go).

import type { Evaluation } from "../evaluate/evaluation.ts";
import { celCompare, celEquals, isList } from "../values/equality.ts";
import { durationInRange } from "../values/instants.ts";
import { CelDuration, CelError, CelUint, type CelValue } from "../values/value.ts";
import { intInRange, uintInRange } from "./operators.ts";
import type { Library } from "./overload.ts";

type List = readonly CelValue[];

const SUMMABLE = ["int", "uint", "double", "duration"];
const COMPARABLE = [...SUMMABLE, "bool", "timestamp", "string", "bytes"];
const ZERO: Readonly<Record<string, CelValue>> = {
  int: 0n,
  uint: new CelUint(0n),
  double: 0,
  duration: new CelDuration(0n),
};
/** No list that fits into a request is as long. */
const RANGE_MAX = 1_000_000n;

function compare(a: CelValue, b: CelValue): number {
  const order = celCompare(a, b);
  if (order === undefined) throw new CelError("list elements must be comparable");
  return order;
}

function forTypes(types: readonly string[], library: (type: string) => Library): Library {
  return Object.assign({}, ...types.map(library)) as Library;
}

const kubernetes: Library = {
  ...forTypes(COMPARABLE, (type) => ({
    [`list<${type}>->isSorted(): bool`]: (list: List, evaluation: Evaluation) => {
      evaluation.spend(list.length);
      return list.every(
        (item, index) => index === 0 || compare(list[index - 1] ?? null, item) <= 0,
      );
    },
    [`list<${type}>->min(): ${type}`]: (list: List, evaluation: Evaluation) =>
      extreme("min", list, (order) => order < 0, evaluation),
    [`list<${type}>->max(): ${type}`]: (list: List, evaluation: Evaluation) =>
      extreme("max", list, (order) => order > 0, evaluation),
    [`list<${type}>->sort(): list<${type}>`]: (list: List, evaluation: Evaluation) => {
      evaluation.spend(list.length * 2);
      return [...list].sort(compare);
    },
  })),
  ...forTypes(SUMMABLE, (type) => ({
    [`list<${type}>->sum(): ${type}`]: (list: List, evaluation: Evaluation) => {
      evaluation.spend(list.length);
      return list.reduce(add, ZERO[type] ?? 0n);
    },
  })),
  "list<A>->indexOf(A): int": (list: List, item: CelValue, evaluation: Evaluation) => {
    evaluation.spend(list.length);
    return BigInt(list.findIndex((other) => celEquals(other, item)));
  },
  "list<A>->lastIndexOf(A): int": (list: List, item: CelValue, evaluation: Evaluation) => {
    evaluation.spend(list.length);
    return BigInt(list.findLastIndex((other) => celEquals(other, item)));
  },
};

function extreme(
  name: string,
  list: List,
  isBetter: (order: number) => boolean,
  evaluation: Evaluation,
): CelValue {
  evaluation.spend(list.length);
  const [first, ...rest] = list;
  if (first === undefined) throw new CelError(`${name} called on empty list`);
  return rest.reduce((best, item) => (isBetter(compare(item, best)) ? item : best), first);
}

function add(a: CelValue, b: CelValue): CelValue {
  if (typeof a === "bigint" && typeof b === "bigint") return intInRange(a + b);
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (a instanceof CelUint && b instanceof CelUint) return uintInRange(a.value + b.value);
  if (a instanceof CelDuration && b instanceof CelDuration)
    return durationInRange(a.nanos + b.nanos);
  throw new CelError("no such overload");
}

const extended: Library = {
  "list<A>->slice(int, int): list<A>": (list: List, start: bigint, end: bigint) => {
    const call = `cannot slice(${start}, ${end})`;
    if (start < 0n || end < 0n) throw new CelError(`${call}, negative indexes not supported`);
    if (start > end) {
      throw new CelError(`${call}, start index must be less than or equal to end index`);
    }
    if (end > BigInt(list.length)) throw new CelError(`${call}, list is length ${list.length}`);
    return list.slice(Number(start), Number(end));
  },
  "list<list<A>>->flatten(): list<A>": (list: List, evaluation: Evaluation) =>
    flatten(list, 1, evaluation),
  "list<dyn>->flatten(int): list<dyn>": (list: List, depth: bigint, evaluation: Evaluation) => {
    if (depth < 0n) throw new CelError("level must be non-negative");
    return flatten(list, Number(depth), evaluation);
  },
  "lists.range(int): list<int>": (count: bigint, evaluation: Evaluation) => {
    evaluation.spend(Number(count > RANGE_MAX ? RANGE_MAX : count < 0n ? 0n : count));
    return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
  },
  "list<A>->reverse(): list<A>": (list: List, evaluation: Evaluation) => {
    evaluation.spend(list.length);
    return [...list].reverse();
  },
  "list<A>->distinct(): list<A>": (list: List, evaluation: Evaluation) => {
    const kept: CelValue[] = [];
    for (const item of list) {
      evaluation.spend(1 + kept.length);
      if (!kept.some((other) => celEquals(other, item))) kept.push(item);
    }
    return kept;
  },
};

function flatten(list: List, depth: number, evaluation: Evaluation): List {
  evaluation.spend(list.length);
  const flat: CelValue[] = [];
  for (const item of list) {
    if (isList(item) && depth > 0) flat.push(...flatten(item, depth - 1, evaluation));
    else flat.push(item);
  }
  return flat;
}

const sets: Library = {
  "sets.contains(list<A>, list<A>): bool": contains,
  "sets.equivalent(list<A>, list<A>): bool": (a: List, b: List, evaluation: Evaluation) =>
    contains(a, b, evaluation) && contains(b, a, evaluation),
  "sets.intersects(list<A>, list<A>): bool": (a: List, b: List, evaluation: Evaluation) => {
    evaluation.spend(a.length * b.length);
    return a.some((item) => b.some((other) => celEquals(item, other)));
  },
};

function contains(list: List, sublist: List, evaluation: Evaluation): boolean {
  evaluation.spend(list.length * sublist.length);
  return sublist.every((item) => list.some((other) => celEquals(item, other)));
}

export const LISTS: Library = { ...kubernetes, ...extended, ...sets };

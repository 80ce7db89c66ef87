// Optional values (cel-go cel/library.go, "optional types").

import { isList } from "../values/equality.ts";
import {
  CelDuration,
  CelError,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelUint,
  type CelValue,
} from "../values/value.ts";
import type { Library } from "./overload.ts";

export const OPTIONALS: Library = {
  "optional.of(A): optional<A>": (value: CelValue) => new CelOptional(value),
  "optional.ofNonZeroValue(A): optional<A>": (value: CelValue) =>
    isZero(value) ? CelOptional.none : new CelOptional(value),
  "optional.none(): optional<A>": () => CelOptional.none,
  "optional<A>->value(): A": ({ content }: CelOptional) => {
    if (content === undefined) throw new CelError("optional.none() dereference");
    return content;
  },
  "optional<A>->hasValue(): bool": ({ content }: CelOptional) => content !== undefined,
  "optional<A>->or(optional<A>): optional<A>": (first: CelOptional, second: CelOptional) =>
    first.content === undefined ? second : first,
  "optional<A>->orValue(A): A": ({ content }: CelOptional, other: CelValue) =>
    content === undefined ? other : content,
  "list<A>->first(): optional<A>": (list: readonly CelValue[]) => optional(list[0]),
  "list<A>->last(): optional<A>": (list: readonly CelValue[]) => optional(list.at(-1)),
  "optional.unwrap(list<optional<A>>): list<A>": unwrap,
  "list<optional<A>>->unwrapOpt(): list<A>": unwrap,
};

function optional(value: CelValue | undefined): CelOptional {
  return value === undefined ? CelOptional.none : new CelOptional(value);
}

function unwrap(list: readonly CelValue[]): readonly CelValue[] {
  const contents: CelValue[] = [];
  for (const item of list) {
    const content = item instanceof CelOptional ? item.content : item;
    if (content !== undefined) contents.push(content);
  }
  return contents;
}

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === "") return true;
  if (isList(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelDuration || value instanceof CelTimestamp) return value.nanos === 0n;
  return value instanceof CelMap && value.size === 0;
}

// What the functions of Kubernetes' own libraries cost, and those of cel-go it speaks for (apiserver pkg/cel/library/cost.go
// EstimateCallCost). Rules of a schema have no authorizer, so its functions are not here.

import type { CelType } from "../check/cel-type.ts";
import type { Estimation, Operand } from "./estimation.ts";
import { append, type FieldPath, namesOf } from "./field-path.ts";
import { type Call, type CallCost, type Estimate, type Estimates, isText } from "./sized-call.ts";
import { matchCost, sizeOf, walk } from "./sized-call.ts";
import { add, addSizes, exactly, MOST, multiply, multiplySizes } from "./size-range.ts";
import { REGEX_FACTOR, scale, type SizeRange, STRING_FACTOR, UNKNOWN_SIZE } from "./size-range.ts";

const parsing: Estimate = ({ args: [text] }) => ({ cost: walk(text) });

function all(names: string, estimate: Estimate): Estimates {
  return Object.fromEntries(names.split(" ").map((name) => [name, estimate]));
}

/** What the items of a list are, and what the schema says of their size. */
function itemsOf(
  { node: { type }, path }: Operand,
  { declared }: Estimation,
): { readonly type: CelType; readonly size: SizeRange } | undefined {
  const item = parameterOf(type);
  if (item === undefined) return undefined;
  const size = declared(path && append(copied(path), "@items"));
  return { type: item, size: size ?? UNKNOWN_SIZE };
}

function copied(path: FieldPath): FieldPath {
  const slots = [...namesOf(path)];
  return { slots, length: slots.length, capacity: slots.length };
}

function parameterOf(type: CelType): CelType | undefined {
  if (type.is === "list") return type.element;
  if (type.is === "map") return type.key;
  return type.is === "optional" ? type.content : undefined;
}

/** Once through a list, or a text. */
const traversing: Estimate = ({ target }, estimation) => {
  if (target === undefined) return undefined;
  const items = itemsOf(target, estimation);
  if (items === undefined) return { cost: walk(target) };
  const each = isText(items.type) ? add(1, scale(items.size.max, STRING_FACTOR)) : 1;
  return { cost: multiply(sizeOf(target).max, each) };
};

const changing: Estimate = ({ target }) => ({ cost: walk(target), size: sizeOf(target) });

const replacing: Estimate = ({ target, args: [before, after] }) => ({
  cost: walk(target, 2),
  size: replacedSize(sizeOf(target), sizeOf(before), sizeOf(after)),
});

function replacedSize(text: SizeRange, before: SizeRange, after: SizeRange): SizeRange {
  const most = replacements(text.max, before.min, after.max <= before.min);
  const least = replacements(text.min, before.max, before.max <= after.min);
  const count = { min: least.count, max: most.count };
  return addSizes(multiplySizes(count, after), { min: least.kept, max: most.kept });
}

/** How many, and how many characters stay besides. Nothing is found around every character. */
function replacements(
  length: number,
  found: number,
  changesNothing: boolean,
): { readonly count: number; readonly kept: number } {
  if (found === 0) return { count: add(length, 1), kept: length };
  if (changesNothing) return { count: 0, kept: length };
  return { count: Math.ceil(length / found), kept: 0 };
}

const splitting: Estimate = ({ target, args: [, limit] }) => {
  const given = limit?.node;
  const isNumber = given?.is === "literal" && typeof given.value === "bigint";
  const max = isNumber ? Number(given.value) : sizeOf(target).max;
  // Every character on its own; a negative limit is none.
  return { cost: walk(target, 2), size: { min: 0, max: max < 0 ? MOST : max } };
};

const joining: Estimate = ({ target, args: [separator] }, estimation) => {
  if (target === undefined) return undefined;
  const list = sizeOf(target);
  const items = itemsOf(target, estimation);
  let size = items === undefined ? exactly(0) : multiplySizes(list, items.size);
  if (separator !== undefined) {
    const between = { min: Math.max(0, list.min - 1), max: Math.max(0, list.max - 1) };
    size = addSizes(size, multiplySizes(sizeOf(separator), between));
  }
  return { cost: scale(size.max, STRING_FACTOR), size };
};

const finding: Estimate = ({ target, args: [pattern] }) => ({
  cost: matchCost(target, pattern),
  size: { min: 0, max: sizeOf(target).max },
});

/** An address is up to 16 bytes; two are compared. */
const ADDRESS_BYTES = 16;

/** `base` before the text of an address is read, if it is one. */
function within(base: number): Estimate {
  return ({ params: [, what], args: [other] }) => ({
    cost: what?.is === "string" ? add(base, walk(other)) : base,
  });
}

const comparison = scale(2 * ADDRESS_BYTES, STRING_FACTOR);

/** cel.MaxNameFormatRegexSize */
const FORMAT_PATTERN_SIZE = 128;

export const LIBRARY_COSTS: Estimates = {
  ...all("isSorted sum max min indexOf lastIndexOf", traversing),
  url: ({ args: [text] }) => ({ cost: walk(text), size: sizeOf(text) }),
  ...all("lowerAscii upperAscii substring trim", changing),
  replace: replacing,
  split: splitting,
  join: joining,
  ...all("find findAll", finding),
  ...all("cidr isIP isCIDR quantity isQuantity semver isSemver", parsing),
  // Of a text; that of a network is a field.
  ip: ({ args: [text] }) => (text === undefined ? undefined : { cost: walk(text) }),
  "ip.isCanonical": ({ args: [text] }) => ({ cost: walk(text, 2) }),
  containsIP: within(comparison),
  containsCIDR: within(comparison + scale(ADDRESS_BYTES, STRING_FACTOR) + 1),
  validate: ({ args: [text] }) => ({
    cost: scale(walk(text), FORMAT_PATTERN_SIZE * REGEX_FACTOR),
  }),
};

/** Values that are compared without looking through them; undefined for all others. */
export function opaqueEquality({ args: [a, b] }: Call): CallCost | undefined {
  const type = a?.node.type;
  if (type?.is !== "opaque" || b?.node.type.is !== "opaque") return undefined;
  if (type.name !== b.node.type.name) return undefined;
  // cel.MaxFormatSize
  if (type.name === "kubernetes.NamedFormat") return { cost: scale(64, STRING_FACTOR) };
  if (type.name === "kubernetes.URL") return { cost: scale(b.size?.max ?? 1, STRING_FACTOR) };
  return { cost: 1 };
}

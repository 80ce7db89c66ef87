// Sets of fields, in the very form of FieldsV1: a tree of path elements, where an empty node is a member and "." marks
// a node that is a member and has children too. Values are immutable; operations share what they do not change.
// Mirrors structured-merge-diff fieldpath.Set (v6).

/** Keys: `f:name` a field, `k:{"name":"web"}` an item by key, `v:"x"` an item by value. */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

/** A member without children; also the set without members, seen from above. */
export const EMPTY_SET: FieldSet = Object.freeze({});

const SELF = ".";

export function isMember(node: FieldSet | undefined): boolean {
  return node !== undefined && (SELF in node || isLeaf(node));
}

function isLeaf(node: FieldSet): boolean {
  for (const _ in node) return false;
  return true;
}

export function isEmptySet(set: FieldSet): boolean {
  for (const key in set) if (key !== SELF) return false;
  return true;
}

/** The set below an element; empty when there is nothing. */
export function below(set: FieldSet, element: string): FieldSet {
  return Object.hasOwn(set, element) ? (set[element] ?? EMPTY_SET) : EMPTY_SET;
}

/** A node from its parts; undefined when it would be neither a member nor have children. */
export function makeNode(member: boolean, children: FieldSet | undefined): FieldSet | undefined {
  const hasChildren = children !== undefined && !isEmptySet(children);
  if (!hasChildren) return member ? EMPTY_SET : undefined;
  const isMarked = SELF in children;
  if (isMarked === member) return children;
  if (member) return { [SELF]: EMPTY_SET, ...children };
  const { [SELF]: _self, ...rest } = children;
  return rest;
}

type NodeRule = (a: FieldSet | undefined, b: FieldSet | undefined) => FieldSet | undefined;

/** Applies a rule to every element of either set. */
function combine(a: FieldSet, b: FieldSet, keys: FieldSet | undefined, rule: NodeRule): FieldSet {
  const result: Record<string, FieldSet> = {};
  let isSame = true;
  const visit = (key: string): void => {
    if (key === SELF) return;
    const own = Object.hasOwn(a, key) ? a[key] : undefined;
    const node = rule(own, Object.hasOwn(b, key) ? b[key] : undefined);
    if (node !== own) isSame = false;
    if (node !== undefined) result[key] = node;
  };
  for (const key in a) visit(key);
  if (keys !== undefined) {
    for (const key in keys) if (!Object.hasOwn(a, key)) visit(key);
  }
  return isSame ? a : result;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  return combine(a, b, b, unionNode);
}

function unionNode(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const member = isMember(a) || isMember(b);
  const joined = makeNode(member, union(a, b));
  return joined !== undefined && isSameNode(joined, a) ? a : joined;
}

function isSameNode(a: FieldSet, b: FieldSet): boolean {
  return a === b || (isLeaf(a) && isLeaf(b));
}

/** Members of `a` that are not members of `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  return combine(a, b, undefined, differenceNode);
}

function differenceNode(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined) return a;
  return makeNode(isMember(a) && !isMember(b), difference(a, b));
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return EMPTY_SET;
  return combine(a, b, undefined, intersectionNode);
}

function intersectionNode(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined) return undefined;
  return makeNode(isMember(a) && isMember(b), intersection(a, b));
}

/** Likewise, but a member of `b` takes everything below it along. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  return combine(a, b, undefined, recursiveDifferenceNode);
}

function recursiveDifferenceNode(
  a: FieldSet | undefined,
  b: FieldSet | undefined,
): FieldSet | undefined {
  if (a === undefined || b === undefined) return a;
  if (isMember(b)) return undefined;
  return makeNode(isMember(a), recursiveDifference(a, b));
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  return isEmptySet(difference(a, b)) && isEmptySet(difference(b, a));
}

/** Every member as a path of elements; on every level first the members, then what lies below, both sorted. */
export function members(
  set: FieldSet,
  prefix: readonly string[] = [],
): readonly (readonly string[])[] {
  const elements = Object.keys(set)
    .filter((element) => element !== SELF)
    .toSorted();
  const here = elements.filter((element) => isMember(below(set, element)));
  const deeper = elements.flatMap((element) => members(below(set, element), [...prefix, element]));
  return [...here.map((element) => [...prefix, element]), ...deeper];
}

/** `.spec.containers[name="web"].image`, as conflicts print it. */
export function formatFieldPath(path: readonly string[]): string {
  return path.map(formatElement).join("");
}

function formatElement(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:")) return `.${text}`;
  if (element.startsWith("v:")) return `[=${text}]`;
  if (!element.startsWith("k:")) return `[${text}]`;
  // Keys are ours: they were written by JSON.stringify.
  const keys = JSON.parse(text) as Record<string, unknown>;
  const pairs = Object.entries(keys).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `[${pairs.join(",")}]`;
}

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
  if (member) return Object.isFrozen(children) ? markedOnce(children) : marked(children);
  const { [SELF]: _self, ...rest } = children;
  return rest;
}

function marked(children: FieldSet): FieldSet {
  return { [SELF]: EMPTY_SET, ...children };
}

/** Frozen sets are shared, and so are their marked twins. */
function markedOnce(children: FieldSet): FieldSet {
  let twin = twins.get(children);
  if (twin === undefined) twins.set(children, (twin = Object.freeze(marked(children))));
  return twin;
}

const twins = new WeakMap<FieldSet, FieldSet>();

type NodeRule = (a: FieldSet | undefined, b: FieldSet | undefined) => FieldSet | undefined;

/** Applies a rule to every element of `b`; what only `a` has stays as it is. */
function revise(a: FieldSet, b: FieldSet, rule: NodeRule): FieldSet {
  let revised: Record<string, FieldSet | undefined> | undefined;
  for (const key in b) {
    if (key === SELF) continue;
    const own = Object.hasOwn(a, key) ? a[key] : undefined;
    const node = rule(own, b[key]);
    if (node !== own) (revised ??= {})[key] = node;
  }
  return revised === undefined ? a : merged(a, revised);
}

/** In the order of `a`, then what is new; undefined takes an element away. */
function merged(a: FieldSet, revised: Readonly<Record<string, FieldSet | undefined>>): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const key in a) {
    const node = Object.hasOwn(revised, key) ? revised[key] : a[key];
    if (key !== SELF && node !== undefined) result[key] = node;
  }
  for (const key in revised) {
    const node = revised[key];
    if (node !== undefined && !Object.hasOwn(a, key)) result[key] = node;
  }
  return result;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  return revise(a, b, unionNode);
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
  return revise(a, b, differenceNode);
}

function differenceNode(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (a === undefined || b === undefined) return a;
  return makeNode(isMember(a) && !isMember(b), difference(a, b));
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return EMPTY_SET;
  const result: Record<string, FieldSet> = {};
  for (const key in a) {
    const [own, other] = [a[key], Object.hasOwn(b, key) ? b[key] : undefined];
    if (key === SELF || own === undefined || other === undefined) continue;
    const node = makeNode(isMember(own) && isMember(other), intersection(own, other));
    if (node !== undefined) result[key] = node;
  }
  return result;
}

/** Likewise, but a member of `b` takes everything below it along. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  return revise(a, b, recursiveDifferenceNode);
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

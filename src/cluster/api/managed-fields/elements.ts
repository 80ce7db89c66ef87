// Names of path elements, and the sets made of them. A cluster has few of either and writes them thousands of times, so
// both are made once and shared: equal sets that were found by comparing are the same object.

import { EMPTY_SET } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";

/** Clients choose labels and keys: the bound is for those that never repeat one. */
const REMEMBERED_MAX = 10_000;

/** `f:name` */
export function fieldElement(name: string): string {
  return remembered(fieldElements, name, () => `f:${name}`);
}

/** `k:{"type":"Ready"}` of a list with one key. */
export function keyElement(key: string, value: unknown): string {
  if (typeof value !== "string") return keyText(key, value);
  let ofKey = keyElements.get(key);
  if (ofKey === undefined) keyElements.set(key, (ofKey = new Map()));
  return remembered(ofKey, value, () => keyText(key, value));
}

function keyText(key: string, value: unknown): string {
  return `k:{${JSON.stringify(key)}:${JSON.stringify(value)}}`;
}

const fieldElements = new Map<string, string>();
/** As many as there are list keys in schemas. */
const keyElements = new Map<string, Map<string, string>>();

/** Sets by what is in them, one element after the other: first by its name, then by what lies below it. */
interface Branch {
  readonly next: Map<string, Map<FieldSet, Branch>>;
  set: FieldSet | undefined;
}

const newBranch = (): Branch => ({ next: new Map(), set: undefined });
let root = newBranch();
let branches = 0;

/**
 * The set of these elements and what lies below them: frozen, and the same object every time. Where values name elements
 * (`k:{"ip":"10.42.0.7"}`) hardly any set comes twice: such sets are made anew and not frozen.
 */
export function sharedSet(elements: readonly string[], nodes: readonly FieldSet[]): FieldSet {
  if (elements.length === 0) return EMPTY_SET;
  let branch: Branch | undefined = root;
  for (let index = 0; index < elements.length; index += 1) {
    const [element = "", node = EMPTY_SET] = [elements[index], nodes[index]];
    branch = branch.next.get(element)?.get(node) ?? grow(branch, element, node);
    if (branch === undefined) return newSet(elements, nodes);
  }
  return (branch.set ??= Object.freeze(newSet(elements, nodes)));
}

function newSet(elements: readonly string[], nodes: readonly FieldSet[]): FieldSet {
  const set: Record<string, FieldSet> = {};
  for (let index = 0; index < elements.length; index += 1) {
    set[elements[index] ?? ""] = nodes[index] ?? EMPTY_SET;
  }
  return set;
}

/** Undefined where sets are not shared. */
function grow(branch: Branch, element: string, node: FieldSet): Branch | undefined {
  if (!Object.isFrozen(node)) return undefined;
  const byNode = branch.next.get(element) ?? new Map<FieldSet, Branch>();
  if (byNode.size >= NODES_MAX || branch.next.size >= ELEMENTS_MAX) return undefined;
  branches += 1;
  if (branches > REMEMBERED_MAX) {
    root = newBranch();
    branches = 0;
  }
  const grown = newBranch();
  branch.next.set(element, byNode.set(node, grown));
  return grown;
}

/** Different sets below one element, and elements in one place, that are still worth remembering. */
const NODES_MAX = 32;
const ELEMENTS_MAX = 1_000;

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= REMEMBERED_MAX) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}

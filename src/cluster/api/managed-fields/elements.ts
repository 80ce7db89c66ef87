// Names of path elements, and the sets of records that hold nothing but leaves. A cluster has few of either and writes them
// thousands of times, so both are made once and shared.

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

/** Sets by the names in them, one after the other. */
interface Branch {
  readonly next: Map<string, Branch>;
  set: FieldSet | undefined;
}

const newBranch = (): Branch => ({ next: new Map(), set: undefined });
let root = newBranch();
let branches = 0;

/** The set of these fields; frozen, and the same object every time. */
export function leafFields(names: readonly string[]): FieldSet {
  let branch = root;
  for (const name of names) branch = branch.next.get(name) ?? grow(branch, name);
  return (branch.set ??= Object.freeze(
    Object.fromEntries(names.map((name) => [fieldElement(name), EMPTY_SET])),
  ));
}

function grow(branch: Branch, name: string): Branch {
  branches += 1;
  if (branches > REMEMBERED_MAX) {
    root = newBranch();
    branches = 0;
  }
  const grown = newBranch();
  branch.next.set(name, grown);
  return grown;
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= REMEMBERED_MAX) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}

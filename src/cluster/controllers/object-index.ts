// Objects of an informer by a key of one's own: pods by node, pods by claim. Only names are kept, so that a change of an
// object that keeps its keys costs a comparison.

import { informerOf, POD } from "../../kubernetes/index.ts";
import type {
  ControllerContext,
  KubernetesObject,
  Pod,
  TypedInformer,
} from "../../kubernetes/index.ts";
import { objectKey, splitKey } from "./object-key.ts";

export interface ObjectIndex<T> {
  get(key: string): readonly T[];
  /** Queue keys of the objects, without looking them up. */
  names(key: string): ReadonlySet<string>;
  /** The objects behind queue keys; those that are gone are left out. */
  resolve(names: Iterable<string>): readonly T[];
}

const NOBODY: ReadonlySet<string> = new Set();

export function createIndex<T extends KubernetesObject>(
  informer: TypedInformer<T>,
  keysOf: (object: T) => readonly string[],
  /** Tells without computing keys that they are the same. */
  unchanged: (current: T, old: T) => boolean = () => false,
): ObjectIndex<T> {
  const byKey = new Map<string, Set<string>>();
  const add = (key: string, name: string): void => {
    const there = byKey.get(key);
    if (there === undefined) byKey.set(key, new Set([name]));
    else there.add(name);
  };
  const drop = (key: string, name: string): void => {
    const there = byKey.get(key);
    if (there?.delete(name) && there.size === 0) byKey.delete(key);
  };
  informer.onChange((current, old) => {
    const object = current ?? old;
    if (object === undefined) return;
    if (current !== undefined && old !== undefined && unchanged(current, old)) return;
    const after = current === undefined ? [] : keysOf(current);
    const before = old === undefined ? [] : keysOf(old);
    if (after.length === before.length && after.every((key, at) => key === before[at])) return;
    const name = objectKey(object);
    for (const key of before) if (!after.includes(key)) drop(key, name);
    for (const key of after) add(key, name);
  });
  const resolve = (names: Iterable<string>): readonly T[] => {
    const found: T[] = [];
    for (const name of names) {
      const parts = splitKey(name);
      const object = informer.get(parts.name, parts.namespace);
      if (object !== undefined) found.push(object);
    }
    return found;
  };
  const names = (key: string): ReadonlySet<string> => byKey.get(key) ?? NOBODY;
  return { get: (key) => resolve(names(key)), names, resolve };
}

/** What nodes say of their pods changes none of the keys that a spec gives. */
export function hasSameSpec(current: Pod, old: Pod): boolean {
  return current.spec === old.spec;
}

const byNode = new WeakMap<object, ObjectIndex<Pod>>();
const NO_NODE: readonly string[] = [];

/** Pods by the node they are bound to; one index per informer, shared by everybody who asks. */
export function podsByNodeOf(context: Pick<ControllerContext, "informer">): ObjectIndex<Pod> {
  const pods = informerOf(context, POD);
  const known = byNode.get(pods);
  if (known !== undefined) return known;
  const nodeOf = ({ spec }: Pod): readonly string[] => (spec.nodeName ? [spec.nodeName] : NO_NODE);
  const created = createIndex(pods, nodeOf, hasSameSpec);
  byNode.set(pods, created);
  return created;
}

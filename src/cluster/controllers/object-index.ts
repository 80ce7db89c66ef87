// Objects of an informer by a key of one's own: pods by node, pods by claim.

import type { KubernetesObject, TypedInformer } from "../../kubernetes/index.ts";
import { objectKey } from "./object-key.ts";

export interface ObjectIndex<T> {
  get(key: string): readonly T[];
}

export function createIndex<T extends KubernetesObject>(
  informer: TypedInformer<T>,
  keysOf: (object: T) => readonly string[],
): ObjectIndex<T> {
  const byKey = new Map<string, Map<string, T>>();
  const drop = (object: T): void => {
    for (const key of keysOf(object)) {
      const there = byKey.get(key);
      if (there?.delete(objectKey(object)) && there.size === 0) byKey.delete(key);
    }
  };
  informer.onChange((current, old) => {
    if (old !== undefined) drop(old);
    if (current === undefined) return;
    for (const key of keysOf(current)) {
      const there = byKey.get(key);
      if (there === undefined) byKey.set(key, new Map([[objectKey(current), current]]));
      else there.set(objectKey(current), current);
    }
  });
  return { get: (key) => [...(byKey.get(key)?.values() ?? [])] };
}

// Objects without a controller, by namespace: the only ones worth matching against selectors when adopting.

import type { KubernetesObject, TypedInformer } from "../../kubernetes/index.ts";
import { controllerOf } from "./owner.ts";

export interface OrphanIndex<T extends KubernetesObject> {
  list(namespace: string): readonly T[];
}

export function createOrphanIndex<T extends KubernetesObject>(
  informer: TypedInformer<T>,
): OrphanIndex<T> {
  const byNamespace = new Map<string, Map<string, T>>();
  informer.onChange((current, old) => {
    const object = current ?? old;
    if (object === undefined) return;
    const { namespace = "", name } = object.metadata;
    const orphans = byNamespace.get(namespace);
    if (current === undefined || controllerOf(current) !== undefined) {
      if (orphans?.delete(name) && orphans.size === 0) byNamespace.delete(namespace);
    } else if (orphans === undefined) {
      byNamespace.set(namespace, new Map([[name, current]]));
    } else {
      orphans.set(name, current);
    }
  });
  return { list: (namespace) => [...(byNamespace.get(namespace)?.values() ?? [])] };
}

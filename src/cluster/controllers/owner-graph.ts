// Every object by uid, and who depends on whom. Mirrors pkg/controller/garbagecollector/graph.go, without virtual
// nodes: an owner that is not in the graph is looked up in the API before anything is deleted.

import type { KubernetesObject } from "../../kubernetes/index.ts";

export interface OwnerGraph {
  get(uid: string): KubernetesObject | undefined;
  dependents(ownerUid: string): readonly KubernetesObject[];
  /** Takes over a change; `current` is absent when the object is gone. */
  change(current: KubernetesObject | undefined, old: KubernetesObject | undefined): void;
}

export function createOwnerGraph(): OwnerGraph {
  const objects = new Map<string, KubernetesObject>();
  const dependents = new Map<string, Set<string>>();
  const unlink = (object: KubernetesObject): void => {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const held = dependents.get(uid);
      if (held?.delete(object.metadata.uid ?? "") && held.size === 0) dependents.delete(uid);
    }
  };
  const link = (object: KubernetesObject): void => {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const held = dependents.get(uid);
      if (held === undefined) dependents.set(uid, new Set([object.metadata.uid ?? ""]));
      else held.add(object.metadata.uid ?? "");
    }
  };
  return {
    get: (uid) => objects.get(uid),
    dependents: (ownerUid) =>
      [...(dependents.get(ownerUid) ?? [])].flatMap((uid) => objects.get(uid) ?? []),
    change(current, old) {
      const moved = current?.metadata.ownerReferences !== old?.metadata.ownerReferences;
      if (old !== undefined && (current === undefined || moved)) unlink(old);
      if (current === undefined) {
        objects.delete(old?.metadata.uid ?? "");
      } else {
        objects.set(current.metadata.uid ?? "", current);
        if (moved) link(current);
      }
    },
  };
}

// Wakes a controller for its own pods, and for orphans that one of its objects may adopt.

import { matchesSelector } from "../../kubernetes/index.ts";
import type {
  KubernetesObject,
  LabelSelector,
  Pod,
  TypedInformer,
} from "../../kubernetes/index.ts";
import { isOrphan } from "./claim.ts";
import { objectKey } from "./object-key.ts";
import { controllerKey } from "./owner.ts";
import { changesWorkload } from "./pod-availability.ts";

export interface WatchOwnedOptions<T extends KubernetesObject> {
  readonly kind: { readonly apiVersion: string; readonly kind: string };
  readonly owners: TypedInformer<T>;
  readonly pods: TypedInformer<Pod>;
  /** What the owner adopts pods by. */
  selectorOf(owner: T): LabelSelector;
  enqueue(key: string): void;
}

export function watchOwnedPods<T extends KubernetesObject>(options: WatchOwnedOptions<T>): void {
  const { kind, owners, pods, selectorOf, enqueue } = options;
  const adopters = (pod: Pod): void => {
    for (const owner of owners.list(pod.metadata.namespace)) {
      if (matchesSelector(selectorOf(owner), pod.metadata.labels)) enqueue(objectKey(owner));
    }
  };
  pods.onChange((current, old) => {
    if (!changesWorkload(current, old)) return;
    const key = current && controllerKey(current, kind);
    const before = old && controllerKey(old, kind);
    if (key === undefined && before === undefined) {
      if (current !== undefined && isOrphan(current)) adopters(current);
      return;
    }
    if (key !== undefined) enqueue(key);
    if (before !== undefined && before !== key) enqueue(before);
  });
}

// What the control plane needs from its storage: revisions, snapshots, history and compaction.
// Writes are synchronous, so a read-modify-write needs no lock; `settled` tells when a write has become durable.
// Learnt from etcd's contract (one revision over all keys, watch from a revision, compaction).

import type { Clock } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";

/** The integer inside; `metadata.resourceVersion` is its opaque text outside. */
export type Revision = number;

export interface StoreKey {
  /** `group/plural`, with an empty group for the core: `/pods`, `apps/deployments`. */
  readonly resource: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

export interface StoreEvent {
  readonly type: "put" | "delete";
  readonly key: StoreKey;
  readonly revision: Revision;
  /** The new state, or the last state stamped with the revision of the deletion. */
  readonly object: KubernetesObject;
  /** The state before; absent when the object was created. */
  readonly previous: KubernetesObject | undefined;
}

/** `conflict` when the object is not at the expected revision (0: absent). Nothing was written then. */
export type WriteOutcome =
  | { readonly outcome: "stored"; readonly object: KubernetesObject }
  | { readonly outcome: "conflict"; readonly current: KubernetesObject | undefined };

export interface StoreListScope {
  readonly resource: string;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
}

export interface StoreWatchScope extends StoreListScope {
  readonly name?: string | undefined;
  /** Only events with a higher revision are delivered. */
  readonly after: Revision;
}

export interface StoreWatch {
  stop(): void;
}

/** The history that a snapshot or a watch asked for has been dropped. */
export class CompactedError extends Error {
  override readonly name = "CompactedError";
  readonly asked: Revision;
  /** The oldest revision that can still be asked for. */
  readonly oldest: Revision;

  constructor(asked: Revision, oldest: Revision) {
    super(`revision ${asked} is compacted, the oldest is ${oldest}`);
    this.asked = asked;
    this.oldest = oldest;
  }
}

export interface Store {
  /** The revision of the last write; strictly increasing over all resources. */
  readonly revision: Revision;
  /** Everything up to here is durable and on its way to the watches. */
  readonly settledRevision: Revision;
  get(key: StoreKey): KubernetesObject | undefined;
  /** Sorted by namespace and name; throws CompactedError when `at` is out of history. */
  list(scope: StoreListScope, at?: Revision): readonly KubernetesObject[];
  /** How many objects a resource has, over all namespaces. */
  count(resource: string): number;
  /** Stamps the resource version, freezes the object deeply and stores it when the key is at `expected`. */
  put(key: StoreKey, object: KubernetesObject, expected: Revision): WriteOutcome;
  /** Removes the object; `last` replaces its state in the event when given. */
  delete(key: StoreKey, expected: Revision, last?: KubernetesObject): WriteOutcome;
  /** Delivers durable events in revision order, in batches, never synchronously; throws CompactedError. */
  watch(scope: StoreWatchScope, onEvents: (events: readonly StoreEvent[]) => void): StoreWatch;
  /** Drops history up to and including a revision. */
  compact(revision: Revision): void;
  /** Resolves when everything written so far is durable; rejects once that cannot be promised any more. */
  settled(): Promise<void>;
  /** Of a store that outlives its process: the same clock, never earlier than anything written before. */
  keepTime?(clock: Clock): Clock;
}

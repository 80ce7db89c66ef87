// What a controller is, so that built-in controllers and component behaviours share one shape.

import type { Clock, Rng } from "../core/index.ts";
import type { KubeApi } from "./kube-api.ts";
import type { KindRef } from "./gvk.ts";
import type { KubernetesObject } from "./object.ts";

/** A cached, watched list of one kind. Reads are synchronous and never older than the last event. */
export interface Informer {
  list(namespace?: string): readonly KubernetesObject[];
  get(name: string, namespace?: string): KubernetesObject | undefined;
  /** Objects whose `metadata.ownerReferences` hold this uid with `controller: true`. */
  ownedBy(uid: string): readonly KubernetesObject[];
  /** Called for every add, update and delete; `old` is absent on add, `current` on delete. */
  onChange(
    handler: (current: KubernetesObject | undefined, old: KubernetesObject | undefined) => void,
  ): void;
}

export interface ControllerContext {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly rng: Rng;
  /** One shared informer per kind; starting is the runtime's business. */
  informer(kind: KindRef): Informer;
  /** Records an event on an object, as `client-go` does; never rejects. */
  event(about: KubernetesObject, type: "Normal" | "Warning", reason: string, message: string): void;
}

/**
 * A level-triggered loop over keys. `setup` wires informers to `enqueue`; `reconcile` is called for one key
 * at a time, again with back-off when it rejects, and again after `requeueAfterMs`.
 */
export interface Controller {
  readonly name: string;
  setup(enqueue: (key: string, afterMs?: number) => void): void;
  reconcile(key: string): Promise<ReconcileResult | void>;
  /** Gives up what waits on timers of its own. */
  stop?(): void;
}

export interface ReconcileResult {
  readonly requeueAfterMs: number;
}

export type ControllerFactory = (context: ControllerContext) => Controller;

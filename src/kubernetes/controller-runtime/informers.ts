// The shared informers of one process: one per kind, started when first asked for once the set is running.

import type { Clock, Rng } from "../../core/index.ts";
import type { KindRef } from "../gvk.ts";
import type { KubeApi } from "../kube-api.ts";
import type { KubernetesObject } from "../object.ts";
import { createInformer } from "./informer.ts";
import type { SharedInformer } from "./informer.ts";

export interface InformerSet {
  informer(kind: KindRef): SharedInformer;
  /** Undefined when nobody has asked for this kind. */
  find(kind: KindRef): SharedInformer | undefined;
  start(): void;
  stop(): void;
  /** Resolves once every informer asked for so far has listed. */
  synced(): Promise<void>;
}

export interface InformerSetOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly rng: Rng;
}

const CRD: KindRef = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

export function createInformerSet({ api, clock, rng }: InformerSetOptions): InformerSet {
  const informers = new Map<string, SharedInformer>();
  let running = false;

  const informer = (kind: KindRef): SharedInformer => {
    const key = `${kind.apiVersion}/${kind.kind}`;
    const known = informers.get(key);
    if (known !== undefined) return known;
    const created = createInformer({ api, clock, rng: rng.fork(`informer/${key}`), kind });
    informers.set(key, created);
    if (running) created.start();
    return created;
  };
  const retryMissing = (crd: KubernetesObject | undefined): void => {
    if (crd === undefined) return;
    for (const candidate of informers.values()) if (candidate.missing) candidate.retry();
  };
  return {
    informer,
    find: (kind) => informers.get(`${kind.apiVersion}/${kind.kind}`),
    start() {
      if (running) return;
      running = true;
      informer(CRD).onChange(retryMissing);
      for (const known of informers.values()) known.start();
    },
    stop() {
      running = false;
      for (const known of informers.values()) known.stop();
    },
    async synced() {
      await Promise.all([...informers.values()].map((known) => known.synced));
    },
  };
}

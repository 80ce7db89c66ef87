// A bare API on a virtual clock, and the few objects most tests need.

import { createRng, createVirtualClock } from "../../../core/index.ts";
import type { VirtualClock } from "../../../core/index.ts";
import type { KubeApi, KubernetesObject, ObjectRef } from "../../../kubernetes/index.ts";
import { createCluster } from "../../cluster.ts";
import type { Cluster } from "../../cluster.ts";
import { createMemoryStore } from "../../store/index.ts";

export interface ApiFixture {
  readonly api: KubeApi;
  readonly cluster: Cluster;
  readonly clock: VirtualClock;
}

export const NAMESPACE = "shop";

export function apiFixture(historyMax?: number): ApiFixture {
  const clock = createVirtualClock(Date.parse("2026-01-01T00:00:00Z"));
  const store = createMemoryStore(historyMax === undefined ? {} : { historyMax });
  const cluster = createCluster({ name: "test", clock, rng: createRng("seed"), store });
  return { api: cluster.api, cluster, clock };
}

export function configMap(
  name: string,
  metadata: Partial<KubernetesObject["metadata"]> = {},
): KubernetesObject {
  const own = { name, namespace: NAMESPACE, ...metadata };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: own, data: { a: "1" } };
}

export function pod(name: string, spec: Readonly<Record<string, unknown>> = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: NAMESPACE, labels: { app: "web" } },
    spec: { containers: [{ name: "c", image: "registry.example/app:1" }], ...spec },
  };
}

export function refTo({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef {
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace };
}

/** Watch events and what follows from them arrive on microtasks. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

// A bare API with the built-in plug-ins, on a virtual clock and without controllers: what they would make is made by hand.

import { createVirtualClock, createRng } from "../../../core/index.ts";
import type { VirtualClock } from "../../../core/index.ts";
import { StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject, UserInfo } from "../../../kubernetes/index.ts";
import { createInProcessApi, SYSTEM_ADMIN } from "../../api/index.ts";
import { createCluster } from "../../cluster.ts";
import type { Cluster } from "../../cluster.ts";
import { builtinAdmission } from "../index.ts";

export interface AdmissionFixture {
  readonly api: KubeApi;
  readonly clock: VirtualClock;
  readonly cluster: Cluster;
  /** Warnings so far. */
  readonly warnings: readonly string[];
  as(user: UserInfo): KubeApi;
}

export const NAMESPACE = "shop";

export async function admissionFixture(
  labels: Readonly<Record<string, string>> = {},
): Promise<AdmissionFixture> {
  const clock = createVirtualClock(Date.parse("2026-01-01T00:00:00Z"));
  const cluster = createCluster({ name: "test", clock, rng: createRng("seed") });
  for (const plugin of builtinAdmission(cluster.context)) cluster.context.admission.add(plugin);
  const warnings: string[] = [];
  const as = (user: UserInfo): KubeApi =>
    createInProcessApi(cluster.context, {
      user,
      defaultManager: "test",
      onWarning: (text) => warnings.push(text),
    });
  const api = as(SYSTEM_ADMIN);
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } });
  await api.create(account("default"));
  return { api, clock, cluster, warnings, as };
}

export function account(
  name: string,
  more: Readonly<Record<string, unknown>> = {},
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  const metadata = { name, namespace: NAMESPACE, annotations };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata, ...more };
}

export function pod(
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Partial<KubernetesObject["metadata"]> = {},
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: NAMESPACE, ...metadata },
    spec: { containers: [{ name: "c", image: "registry.example/app:1" }], ...spec },
  };
}

/** The message of a refusal; fails when there is none. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  throw new Error("was not refused");
}

// A restart of a server with three members, in virtual time: one after the other, the last first, and two are ready all the
// while; an eviction that would cost the quorum is refused meanwhile.

import { expect, it } from "vitest";

import { BRISK_DELAYS, createEmbeddedCluster } from "../../src/cluster/index.ts";
import { createRng, createVirtualClock, valueAt } from "../../src/core/index.ts";
import { StatusError, type KubernetesObject } from "../../src/kubernetes/index.ts";

const NAMESPACE = "data";
const labels = { app: "store" };
const metadata = { name: "store", namespace: NAMESPACE };
const STATEFUL_SET = { apiVersion: "apps/v1", kind: "StatefulSet", ...metadata };
const POD = { apiVersion: "v1", kind: "Pod" };
const QUORUM = 2;

const OBJECTS: readonly KubernetesObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata,
    spec: {
      replicas: 3,
      serviceName: "store",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "store", image: "example.com/store:1" }] },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata,
    spec: { minAvailable: QUORUM, selector: { matchLabels: labels } },
  },
];

interface Condition {
  readonly type: string;
  readonly status: string;
}

function isReady(pod: KubernetesObject): boolean {
  // Pods of the API have this form.
  const conditions = (valueAt(pod, ["status", "conditions"]) ?? []) as readonly Condition[];
  const isEnding = pod.metadata.deletionTimestamp !== undefined;
  return !isEnding && conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

it("restarts a member at a time, the last first, and keeps its quorum", async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const rng = createRng("ordered");
  const nodes = [{ count: 3 }];
  const cluster = createEmbeddedCluster({
    name: "o",
    clock,
    rng,
    nodes,
    stageDelays: BRISK_DELAYS,
  });
  await cluster.start();
  const { api } = cluster;
  for (const object of OBJECTS) await api.create(object);
  await clock.advanceBy(120_000);

  const members = new Map<string, KubernetesObject>();
  const restarted: string[] = [];
  let fewest = Infinity;
  const from = {
    namespace: NAMESPACE,
    sendInitialEvents: true,
    allowBookmarks: true,
    resourceVersionMatch: "NotOlderThan",
  } as const;
  const watch = api.watch(POD, from, (event) => {
    if (event.type === "ERROR" || event.type === "BOOKMARK") return;
    const { name } = event.object.metadata;
    if (event.type === "DELETED") {
      members.delete(name);
      restarted.push(name);
    } else members.set(name, event.object);
    if (members.size + restarted.length >= 3)
      fewest = Math.min(fewest, [...members.values()].filter(isReady).length);
  });
  await clock.settle();
  expect(fewest).toBe(3);

  const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:02:00Z" };
  const body = { spec: { template: { metadata: { annotations } } } };
  await api.patch(STATEFUL_SET, { type: "strategic", body });
  await clock.runUntil(() => fewest < 3, { withinMs: 60_000 });
  const eviction = { apiVersion: "policy/v1", kind: "Eviction" };
  const asked = api.create(
    { ...eviction, metadata: { name: "store-0", namespace: NAMESPACE } },
    { subresource: "eviction" },
  );
  await expect(asked).rejects.toSatisfy(
    (error) => error instanceof StatusError && error.status.code === 429,
  );
  await clock.advanceBy(120_000);

  expect(restarted).toEqual(["store-2", "store-1", "store-0"]);
  expect(fewest).toBe(QUORUM);
  expect([...members.values()].filter(isReady)).toHaveLength(3);
  watch.stop();
  cluster.stop();
  await cluster.stopped();
});

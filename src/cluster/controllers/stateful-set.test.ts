import { describe, expect, test } from "vitest";
import { isReady, POD } from "../../kubernetes/index.ts";
import type { KubernetesObject, Pod } from "../../kubernetes/index.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";
import { STATEFUL_SET } from "./workload-kinds.ts";
import type { StatefulSet } from "./workload-kinds.ts";

const REF = { apiVersion: "apps/v1", kind: "StatefulSet", name: "s", namespace: "default" };

function statefulSet(over: Partial<StatefulSet["spec"]> = {}): KubernetesObject {
  return {
    ...REF,
    metadata: { name: "s", namespace: "default" },
    spec: {
      replicas: 3,
      serviceName: "s",
      selector: { matchLabels: { app: "s" } },
      template: {
        metadata: { labels: { app: "s" } },
        spec: { containers: [{ name: "c", image: "registry.example/app:1" }] },
      },
      ...over,
    },
  };
}

const image = (tag: string) => ({
  spec: {
    template: { spec: { containers: [{ name: "c", image: `registry.example/app:${tag}` }] } },
  },
});

const readyIs = (cluster: TestCluster, count: number) => async (): Promise<boolean> => {
  const { status } = await cluster.get(STATEFUL_SET, "s");
  return status?.readyReplicas === count && status.replicas === count;
};

/** Records the order in which pods appear, become ready and go. */
function recordPods(cluster: TestCluster): readonly string[] {
  const seen: string[] = [];
  const ready = new Set<string>();
  cluster.api.watch(POD, { namespace: "default" }, ({ type, object }) => {
    if (type === "BOOKMARK" || type === "ERROR") return;
    // A watch of pods delivers pods.
    const pod = object as Pod;
    const { name, uid = "" } = pod.metadata;
    if (type === "ADDED") seen.push(`+${name}`);
    if (type === "DELETED") seen.push(`-${name}`);
    if (type === "MODIFIED" && isReady(pod) && !ready.has(uid)) {
      ready.add(uid);
      seen.push(`${name} ready`);
    }
  });
  return seen;
}

describe("StatefulSet", () => {
  test("starts pods one after the other, each with its own name and labels", async () => {
    const cluster = await startTestCluster();
    const seen = recordPods(cluster);
    await cluster.api.create(statefulSet());
    await cluster.until("three ready", readyIs(cluster, 3));
    expect(seen).toEqual(["+s-0", "s-0 ready", "+s-1", "s-1 ready", "+s-2", "s-2 ready"]);
    const { status } = await cluster.get(STATEFUL_SET, "s");
    expect(status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
      collisionCount: 0,
      currentRevision: status?.updateRevision,
    });
    const pod = await cluster.get(POD, "s-0");
    expect(pod.metadata.labels).toMatchObject({
      app: "s",
      "apps.kubernetes.io/pod-index": "0",
      "controller-revision-hash": status?.updateRevision,
      "statefulset.kubernetes.io/pod-name": "s-0",
    });
    expect(pod.spec).toMatchObject({ hostname: "s-0", subdomain: "s" });
    expect(cluster.errors).toEqual([]);
  });

  test("Parallel does not wait for readiness", async () => {
    const cluster = await startTestCluster();
    const template = {
      metadata: { labels: { app: "s" }, annotations: { "simulation.keelson.dev/ready": "false" } },
      spec: { containers: [{ name: "c", image: "registry.example/app:1" }] },
    };
    await cluster.api.create(statefulSet({ podManagementPolicy: "Parallel", template }));
    await cluster.until(
      "three pods",
      async () => (await cluster.list(POD, "default")).length === 3,
    );
  });

  test("scales down from the highest ordinal, one at a time", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(statefulSet());
    await cluster.until("three ready", readyIs(cluster, 3));
    const seen = recordPods(cluster);
    await cluster.api.patch(REF, { type: "merge", body: { spec: { replicas: 1 } } });
    await cluster.until("one ready", readyIs(cluster, 1));
    expect(seen.filter((entry) => entry.startsWith("-"))).toEqual(["-s-2", "-s-1"]);
  });

  test("rolls from the highest ordinal down to the partition", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(
      statefulSet({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } }),
    );
    await cluster.until("three ready", readyIs(cluster, 3));
    const seen = recordPods(cluster);
    await cluster.api.patch(REF, { type: "strategic", body: image("2") });
    await cluster.until("two updated", async () => {
      const { status } = await cluster.get(STATEFUL_SET, "s");
      return (
        status?.observedGeneration === 2 &&
        status.updatedReplicas === 2 &&
        status.readyReplicas === 3
      );
    });
    // The watch began with the three pods that were there.
    const moves = seen.filter((entry) => /^[-+]/.test(entry)).slice(3);
    expect(moves).toEqual(["-s-2", "+s-2", "-s-1", "+s-1"]);
    const pods = await cluster.list(POD, "default");
    expect(pods.map(({ spec }) => spec.containers[0]?.image)).toEqual([
      "registry.example/app:1",
      "registry.example/app:2",
      "registry.example/app:2",
    ]);
    expect((await cluster.get(STATEFUL_SET, "s")).status).toMatchObject({
      currentReplicas: 1,
      updatedReplicas: 2,
    });
  });

  test("a deleted pod comes back with its name", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(statefulSet());
    await cluster.until("three ready", readyIs(cluster, 3));
    const before = await cluster.get(POD, "s-1");
    await cluster.api.delete({ apiVersion: "v1", kind: "Pod", name: "s-1", namespace: "default" });
    await cluster.until("replaced", async () => {
      const pods = await cluster.list(POD, "default");
      const replaced = pods.find(({ metadata }) => metadata.name === "s-1");
      return (
        replaced !== undefined && replaced.metadata.uid !== before.metadata.uid && isReady(replaced)
      );
    });
  });

  test("writes nothing at the fixed point", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(statefulSet());
    await cluster.until("three ready", readyIs(cluster, 3));
    await cluster.advance(1000);
    const { revision } = cluster.cluster.context.store;
    // Events are forgotten after an hour.
    await cluster.advance(3_000_000);
    expect(cluster.cluster.context.store.revision).toBe(revision);
  });

  test("maxUnavailable is dropped, as its gate is off", async () => {
    const cluster = await startTestCluster();
    const updateStrategy = { type: "RollingUpdate" as const, rollingUpdate: { maxUnavailable: 2 } };
    await cluster.api.create(statefulSet({ updateStrategy }));
    const { spec } = await cluster.get(STATEFUL_SET, "s");
    expect(spec.updateStrategy).toEqual({ type: "RollingUpdate", rollingUpdate: { partition: 0 } });
  });
});

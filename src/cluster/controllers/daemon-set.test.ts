import { describe, expect, test } from "vitest";
import { isReady, NODE, POD } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";
import { CONTROLLER_REVISION, DAEMON_SET } from "./workload-kinds.ts";
import type { DaemonSet } from "./workload-kinds.ts";

const REF = { apiVersion: "apps/v1", kind: "DaemonSet", name: "s", namespace: "default" };

function daemonSet(over: Partial<DaemonSet["spec"]> = {}): KubernetesObject {
  return {
    ...REF,
    metadata: { name: "s", namespace: "default" },
    spec: {
      selector: { matchLabels: { app: "s" } },
      template: {
        metadata: { labels: { app: "s" } },
        spec: { containers: [{ name: "c", image: "registry.example/app:1" }] },
      },
      ...over,
    },
  };
}

const available = (cluster: TestCluster, count: number) => async (): Promise<boolean> => {
  const { status, metadata } = await cluster.get(DAEMON_SET, "s");
  return (
    status?.observedGeneration === metadata.generation &&
    status?.numberAvailable === count &&
    status.updatedNumberScheduled === count
  );
};

describe("DaemonSet", () => {
  test("runs one pod on every node, bound by affinity and tolerating node trouble", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(daemonSet());
    await cluster.until("three available", available(cluster, 3));
    const pods = await cluster.list(POD, "default");
    expect(pods.map(({ spec }) => spec.nodeName ?? "").toSorted()).toEqual([
      "node-0",
      "node-1",
      "node-2",
    ]);
    for (const { spec } of pods) {
      const [term] =
        spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
          ?.nodeSelectorTerms ?? [];
      expect(term).toEqual({
        matchFields: [{ key: "metadata.name", operator: "In", values: [spec.nodeName] }],
      });
      expect(spec.tolerations).toHaveLength(6);
    }
    expect((await cluster.get(DAEMON_SET, "s")).status).toEqual({
      currentNumberScheduled: 3,
      numberMisscheduled: 0,
      desiredNumberScheduled: 3,
      numberReady: 3,
      observedGeneration: 1,
      updatedNumberScheduled: 3,
      numberAvailable: 3,
    });
    expect(cluster.errors).toEqual([]);
  });

  test("follows node labels", async () => {
    const cluster = await startTestCluster();
    const template = {
      metadata: { labels: { app: "s" } },
      spec: { containers: [{ name: "c", image: "i:1" }], nodeSelector: { disk: "ssd" } },
    };
    await cluster.api.create(daemonSet({ template }));
    await cluster.advance(1000);
    expect(await cluster.list(POD, "default")).toEqual([]);
    const node = { ...NODE, name: "node-1" };
    await cluster.api.patch(node, {
      type: "merge",
      body: { metadata: { labels: { disk: "ssd" } } },
    });
    await cluster.until("one available", available(cluster, 1));
    await cluster.api.patch(node, {
      type: "merge",
      body: { metadata: { labels: { disk: null } } },
    });
    await cluster.until("gone", async () => (await cluster.list(POD, "default")).length === 0);
  });

  test("rolls one node at a time and records both templates", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(daemonSet());
    await cluster.until("three available", available(cluster, 3));
    const body = {
      spec: {
        template: { spec: { containers: [{ name: "c", image: "registry.example/app:2" }] } },
      },
    };
    await cluster.api.patch(REF, { type: "strategic", body });
    let fewest = 3;
    await cluster.until("rolled", async () => {
      const ready = (await cluster.list(POD, "default")).filter(
        (pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined,
      );
      fewest = Math.min(fewest, ready.length);
      return available(cluster, 3)();
    });
    expect(fewest).toBe(2);
    const revisions = await cluster.list(CONTROLLER_REVISION, "default");
    expect(revisions.map(({ revision }) => revision).toSorted((a, b) => a - b)).toEqual([1, 2]);
  });

  test("surges: a new pod beside the old one before that goes", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(
      daemonSet({
        updateStrategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
        },
      }),
    );
    await cluster.until("three available", available(cluster, 3));
    const body = {
      spec: {
        template: { spec: { containers: [{ name: "c", image: "registry.example/app:2" }] } },
      },
    };
    await cluster.api.patch(REF, { type: "strategic", body });
    let fewest = 3;
    await cluster.until("rolled", async () => {
      const ready = (await cluster.list(POD, "default")).filter(
        (pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined,
      );
      fewest = Math.min(fewest, new Set(ready.map(({ spec }) => spec.nodeName)).size);
      return available(cluster, 3)();
    });
    expect(fewest).toBe(3);
  });
});

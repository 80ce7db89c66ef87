import { describe, expect, test } from "vitest";
import { isReady, POD, refOf } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";
import { DEPLOYMENT, REPLICA_SET } from "./workload-kinds.ts";
import type { Deployment } from "./workload-kinds.ts";

function deployment(over: Partial<Deployment["spec"]> = {}): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", namespace: "default" },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: "d" } },
      template: {
        metadata: { labels: { app: "d" } },
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

async function patch(cluster: TestCluster, body: unknown): Promise<KubernetesObject> {
  const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "d", namespace: "default" };
  return cluster.api.patch(ref, { type: "strategic", body });
}

async function rolledOut(cluster: TestCluster): Promise<boolean> {
  const { spec, status, metadata } = await cluster.get(DEPLOYMENT, "d");
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedReplicas === spec.replicas &&
    status?.replicas === spec.replicas &&
    status?.availableReplicas === spec.replicas &&
    status?.terminatingReplicas === 0
  );
}

describe("Deployment", () => {
  test("creates a revision whose status, conditions and events read as recorded", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(
      deployment({
        replicas: 2,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      }),
    );
    await cluster.until("rolled out", () => rolledOut(cluster));
    const { status, metadata } = await cluster.get(DEPLOYMENT, "d");
    const [set] = await cluster.list(REPLICA_SET, "default");
    expect(metadata.generation).toBe(1);
    expect(metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "1" });
    expect(status).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 0,
    });
    expect(
      status?.conditions?.map(({ type, status: is, reason, message }) => [
        type,
        is,
        reason,
        message,
      ]),
    ).toEqual([
      ["Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."],
      [
        "Progressing",
        "True",
        "NewReplicaSetAvailable",
        `ReplicaSet "${set?.metadata.name}" has successfully progressed.`,
      ],
    ]);
    expect(set?.metadata.annotations).toEqual({
      "deployment.kubernetes.io/desired-replicas": "2",
      "deployment.kubernetes.io/max-replicas": "3",
      "deployment.kubernetes.io/revision": "1",
    });
    expect(set?.status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
    const events = await cluster.list({ apiVersion: "v1", kind: "Event" }, "default");
    const scaling = events.filter((event) => event["reason"] === "ScalingReplicaSet");
    expect(scaling.map((event) => event["message"])).toEqual([
      `Scaled up replica set ${set?.metadata.name} from 0 to 2`,
    ]);
    expect(cluster.errors).toEqual([]);
  });

  test("never goes above the surge nor below what must be available", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(
      deployment({
        replicas: 8,
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
        },
      }),
    );
    await cluster.until("rolled out", () => rolledOut(cluster));
    await patch(cluster, image("2"));
    let [most, fewest] = [0, Infinity];
    await cluster.until("rolled out again", async () => {
      const pods = await cluster.list(POD, "default");
      const living = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      most = Math.max(most, living.length);
      fewest = Math.min(fewest, living.filter(isReady).length);
      return rolledOut(cluster);
    });
    expect({ most, fewest }).toEqual({ most: 10, fewest: 6 });
    const pods = await cluster.list(POD, "default");
    expect(new Set(pods.map(({ spec }) => spec.containers[0]?.image))).toEqual(
      new Set(["registry.example/app:2"]),
    );
  });

  test("putting the old template back reuses the old set with a new revision", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment());
    await cluster.until("rolled out", () => rolledOut(cluster));
    await patch(cluster, image("2"));
    await cluster.until("rolled out", () => rolledOut(cluster));
    await patch(cluster, image("1"));
    await cluster.until("rolled out", () => rolledOut(cluster));
    const sets = await cluster.list(REPLICA_SET, "default");
    const view = sets
      .map(({ metadata, spec }) => ({
        revision: metadata.annotations?.["deployment.kubernetes.io/revision"],
        history: metadata.annotations?.["deployment.kubernetes.io/revision-history"],
        replicas: spec.replicas,
      }))
      .toSorted((a, b) => Number(a.revision) - Number(b.revision));
    expect(view).toEqual([
      { revision: "2", history: undefined, replicas: 0 },
      { revision: "3", history: "1", replicas: 3 },
    ]);
    const { metadata } = await cluster.get(DEPLOYMENT, "d");
    expect(metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("3");
    expect(metadata.generation).toBe(3);
  });

  test("a paused Deployment scales but does not roll", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment({ replicas: 2 }));
    await cluster.until("rolled out", () => rolledOut(cluster));
    await patch(cluster, { spec: { paused: true } });
    await patch(cluster, image("2"));
    await patch(cluster, { spec: { replicas: 3 } });
    await cluster.until(
      "scaled",
      async () => (await cluster.get(DEPLOYMENT, "d")).status?.availableReplicas === 3,
    );
    await cluster.advance(5000);
    const { status } = await cluster.get(DEPLOYMENT, "d");
    expect(status?.updatedReplicas).toBeUndefined();
    expect(status?.conditions?.find(({ type }) => type === "Progressing")).toMatchObject({
      status: "Unknown",
      reason: "DeploymentPaused",
    });
    await patch(cluster, { spec: { paused: false } });
    await cluster.until("rolled out", () => rolledOut(cluster));
    expect(cluster.errors).toEqual([]);
  });

  test("pods that never become ready pass the progress deadline", async () => {
    const cluster = await startTestCluster();
    const template = {
      metadata: { labels: { app: "d" }, annotations: { "simulation.keelson.dev/ready": "false" } },
      spec: { containers: [{ name: "c", image: "registry.example/app:1" }] },
    };
    await cluster.api.create(deployment({ progressDeadlineSeconds: 10, template }));
    await cluster.advance(60_000);
    const { status } = await cluster.get(DEPLOYMENT, "d");
    expect(status?.unavailableReplicas).toBe(3);
    expect(status?.conditions?.find(({ type }) => type === "Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
    });
  });

  test("Recreate lets the old pods end before the new ones start", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment({ strategy: { type: "Recreate" } }));
    await cluster.until("rolled out", () => rolledOut(cluster));
    await patch(cluster, image("2"));
    let mixed = false;
    await cluster.until("rolled out", async () => {
      const pods = await cluster.list(POD, "default");
      mixed ||= new Set(pods.map(({ spec }) => spec.containers[0]?.image)).size > 1;
      return rolledOut(cluster);
    });
    expect(mixed).toBe(false);
    expect(cluster.errors).toEqual([]);
  });

  test("keeps no more empty sets than the history limit", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment({ replicas: 1, revisionHistoryLimit: 1 }));
    for (const tag of ["2", "3", "4"]) {
      await cluster.until("rolled out", () => rolledOut(cluster));
      await patch(cluster, image(tag));
    }
    await cluster.until("rolled out", () => rolledOut(cluster));
    await cluster.advance(1000);
    const sets = await cluster.list(REPLICA_SET, "default");
    const revisions = sets.map(
      ({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"],
    );
    expect(revisions.map(String).toSorted()).toEqual(["3", "4"]);
  });

  test("minReadySeconds delays availability", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment({ minReadySeconds: 30 }));
    await cluster.until(
      "ready",
      async () => (await cluster.get(DEPLOYMENT, "d")).status?.readyReplicas === 3,
    );
    expect((await cluster.get(DEPLOYMENT, "d")).status?.unavailableReplicas).toBe(3);
    await cluster.until("available", () => rolledOut(cluster), 40_000);
  });

  test("deleting it in the background takes sets and pods along", async () => {
    const cluster = await startTestCluster();
    const created = await cluster.api.create(deployment());
    await cluster.until("rolled out", () => rolledOut(cluster));
    await cluster.api.delete(refOf(created), { propagationPolicy: "Background" });
    await cluster.until("all gone", async () => {
      const left = [
        ...(await cluster.list(REPLICA_SET, "default")),
        ...(await cluster.list(POD, "default")),
      ];
      return left.length === 0;
    });
  });

  test("writes nothing at the fixed point", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment());
    await cluster.until("rolled out", () => rolledOut(cluster));
    await cluster.advance(1000);
    const { revision } = cluster.cluster.context.store;
    // Events are forgotten after an hour.
    await cluster.advance(3_000_000);
    expect(cluster.cluster.context.store.revision).toBe(revision);
  });
});

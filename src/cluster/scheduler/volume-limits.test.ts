// Situations of kubernetes pkg/scheduler/framework/plugins/nodevolumelimits/csi_test.go (TestCSILimits) on the live cluster.

import { expect, test } from "vitest";

import { POD, podCondition } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { PERSISTENT_VOLUME_CLAIM } from "../controllers/storage-kinds.ts";
import { startTestCluster, type TestCluster } from "../controllers/testing/test-cluster.ts";
import { CSI_NODE } from "./volume-limits.ts";

const DRIVER = "ebs.csi.aws.com";
const DISKS: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "disks" },
  provisioner: DRIVER,
  volumeBindingMode: "WaitForFirstConsumer",
};

const limit = (node: string, count: number | undefined): KubernetesObject => ({
  ...CSI_NODE,
  metadata: { name: node },
  spec: {
    drivers: [
      { name: DRIVER, nodeID: node, ...(count === undefined ? {} : { allocatable: { count } }) },
    ],
  },
});

const claim = (name: string): KubernetesObject => ({
  ...PERSISTENT_VOLUME_CLAIM,
  metadata: { name, namespace: "default" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: "disks",
    resources: { requests: { storage: "1Gi" } },
  },
});

const pod = (name: string, ...claims: readonly string[]): KubernetesObject => ({
  ...POD,
  metadata: { name, namespace: "default" },
  spec: {
    containers: [{ name: "c", image: "i:1" }],
    volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
  },
});

async function started(counts: readonly (number | undefined)[]): Promise<TestCluster> {
  const cluster = await startTestCluster({ nodes: { count: counts.length } });
  await cluster.api.create(DISKS);
  for (const [index, count] of counts.entries())
    await cluster.api.create(limit(`node-${index}`, count));
  for (const name of ["a", "b", "c"]) await cluster.api.create(claim(name));
  return cluster;
}

const runs = (cluster: TestCluster, name: string) => async (): Promise<boolean> =>
  (await cluster.get(POD, name)).status?.phase === "Running";

async function nodeOf(cluster: TestCluster, name: string): Promise<string | undefined> {
  await cluster.until(`${name} runs`, runs(cluster, name));
  return (await cluster.get(POD, name)).spec.nodeName;
}

test("a node takes as many volumes as it can, and more when some go", async () => {
  const cluster = await started([1, 1]);
  await cluster.api.create(pod("first", "a"));
  await cluster.api.create(pod("second", "b"));
  const nodes = [await nodeOf(cluster, "first"), await nodeOf(cluster, "second")];
  expect(new Set(nodes).size).toBe(2);
  await cluster.api.create(pod("third", "c"));
  await cluster.advance(5000);
  const waiting = await cluster.get(POD, "third");
  expect(podCondition(waiting, "PodScheduled")?.message).toContain(
    "0/2 nodes are available: 2 node(s) exceed max volume count.",
  );
  await cluster.api.delete({ ...POD, name: "first", namespace: "default" });
  expect(await nodeOf(cluster, "third")).toBe(nodes[0]);
});

test("two pods with one claim have one volume; another limit wakes who waits", async () => {
  const cluster = await started([1]);
  await cluster.api.create(pod("first", "a"));
  await cluster.api.create(pod("second", "a"));
  expect(await nodeOf(cluster, "second")).toBe("node-0");
  await cluster.api.create(pod("both", "b", "c"));
  await cluster.advance(5000);
  expect(await runs(cluster, "both")()).toBe(false);
  const own = await cluster.get(CSI_NODE, "node-0", "");
  await cluster.api.update({ ...limit("node-0", 3), metadata: own.metadata });
  await cluster.until("both run", runs(cluster, "both"));
});

test("a driver without a number, and a node without drivers, take any", async () => {
  const cluster = await started([undefined]);
  await cluster.api.create(pod("all", "a", "b", "c"));
  expect(await nodeOf(cluster, "all")).toBe("node-0");
});

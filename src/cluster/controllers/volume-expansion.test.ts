// Claims that grow, on the live cluster: situations of kubernetes-csi/external-resizer
// pkg/controller/{controller,expand_and_recover}_test.go @ v2, of kubernetes
// pkg/volume/util/operationexecutor/node_expander_test.go and pkg/controller/volume/persistentvolume @ v1.36.

import { describe, expect, test } from "vitest";
import { POD, RESOURCE_QUOTA } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "./storage-kinds.ts";
import type { PersistentVolumeClaim } from "./storage-kinds.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";

const CLAIM = { ...PERSISTENT_VOLUME_CLAIM, name: "x", namespace: "default" };
const EVENT = { apiVersion: "v1", kind: "Event" };

function storageClass(provisioner: string): KubernetesObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast" },
    provisioner,
    allowVolumeExpansion: true,
  };
}

async function clusterWithClaim(volumeMode = "Filesystem"): Promise<TestCluster> {
  const cluster = await startTestCluster();
  await cluster.api.create(storageClass("ebs.csi.aws.com"));
  await cluster.api.create({
    ...PERSISTENT_VOLUME_CLAIM,
    metadata: { name: "x", namespace: "default" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      storageClassName: "fast",
      volumeMode,
    },
  });
  await cluster.until("bound", async () => (await claimOf(cluster)).status?.phase === "Bound");
  return cluster;
}
const claimOf = (cluster: TestCluster): Promise<PersistentVolumeClaim> =>
  cluster.get(PERSISTENT_VOLUME_CLAIM, "x");

function ask(cluster: TestCluster, storage: string): Promise<unknown> {
  const body = { spec: { resources: { requests: { storage } } } };
  return cluster.api.patch(CLAIM, { type: "merge", body });
}

function startPod(cluster: TestCluster): Promise<unknown> {
  return cluster.api.create({
    ...POD,
    metadata: { name: "p", namespace: "default" },
    spec: {
      containers: [{ name: "c", image: "i:1" }],
      volumes: [{ name: "v", persistentVolumeClaim: { claimName: "x" } }],
    },
  });
}

/** What is said about the growth, by whom. */
async function told(cluster: TestCluster): Promise<readonly string[]> {
  const events = await cluster.list(EVENT, "default");
  return events
    .flatMap((event) => {
      const { component } = event["source"] as { readonly component: string };
      const { kind } = event["involvedObject"] as { readonly kind: string };
      return /Expanding|Resiz/.test(String(event["reason"]))
        ? [`${component} ${kind} ${String(event["reason"])}`]
        : [];
    })
    .toSorted();
}

/** The states that the growth goes through, without repetitions. */
function recordStates(cluster: TestCluster): readonly string[] {
  const states: string[] = [];
  cluster.api.watch(PERSISTENT_VOLUME_CLAIM, { namespace: "default" }, ({ object }) => {
    const { status } = object as PersistentVolumeClaim;
    const conditions = status?.conditions?.map(({ type }) => type).join("+") ?? "";
    const progress = status?.allocatedResourceStatuses?.["storage"] ?? "-";
    const state = `${status?.capacity?.["storage"]} ${progress} ${conditions}`.trim();
    if (states.at(-1) !== state) states.push(state);
  });
  return states;
}

describe("a claim that grows", () => {
  test("without a pod the volume grows at once and its file system waits", async () => {
    const cluster = await clusterWithClaim();
    const states = recordStates(cluster);
    await ask(cluster, "2Gi");
    await cluster.advance(60_000);
    const waiting = await claimOf(cluster);
    expect(waiting.status).toMatchObject({
      capacity: { storage: "1Gi" },
      allocatedResources: { storage: "2Gi" },
      allocatedResourceStatuses: { storage: "NodeResizePending" },
      conditions: [
        { type: "Resizing", status: "True", lastProbeTime: null },
        {
          type: "FileSystemResizePending",
          status: "True",
          message:
            "Waiting for user to (re-)start a pod to finish file system resize of volume on node.",
        },
      ],
    });
    const [volume] = await cluster.list(PERSISTENT_VOLUME);
    expect(volume?.spec.capacity).toEqual({ storage: "2Gi" });
    expect(volume?.metadata.annotations).toMatchObject({
      "volume.alpha.kubernetes.io/pre-resize-capacity": "1Gi",
    });
    await startPod(cluster);
    await cluster.advance(10_000);
    expect((await claimOf(cluster)).status).toEqual({
      phase: "Bound",
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "2Gi" },
      allocatedResources: { storage: "2Gi" },
    });
    const [after] = await cluster.list(PERSISTENT_VOLUME);
    expect(after?.metadata.annotations).not.toHaveProperty(
      "volume.alpha.kubernetes.io/pre-resize-capacity",
    );
    expect(states).toEqual([
      "1Gi -",
      "1Gi ControllerResizeInProgress Resizing",
      "1Gi NodeResizePending Resizing+FileSystemResizePending",
      "1Gi NodeResizeInProgress Resizing+FileSystemResizePending",
      "2Gi -",
    ]);
    expect(await told(cluster)).toEqual([
      "external-resizer ebs.csi.aws.com PersistentVolumeClaim FileSystemResizeRequired",
      "external-resizer ebs.csi.aws.com PersistentVolumeClaim Resizing",
      "kubelet PersistentVolumeClaim FileSystemResizeSuccessful",
      "kubelet Pod FileSystemResizeSuccessful",
      "volume_expand PersistentVolumeClaim ExternalExpanding",
    ]);
    expect(cluster.errors).toEqual([]);
  });

  test("under a running pod it grows at once, and again when asked for more meanwhile", async () => {
    const cluster = await clusterWithClaim();
    await startPod(cluster);
    await cluster.advance(10_000);
    const states = recordStates(cluster);
    await ask(cluster, "2Gi");
    await cluster.advance(100);
    await ask(cluster, "5Gi");
    await cluster.advance(20_000);
    expect((await claimOf(cluster)).status).toMatchObject({
      capacity: { storage: "5Gi" },
      allocatedResources: { storage: "5Gi" },
    });
    expect(states.filter((state) => state.endsWith("-"))).toEqual(["1Gi -", "2Gi -", "5Gi -"]);
    expect(cluster.errors).toEqual([]);
  });

  test("a block volume needs no node", async () => {
    const cluster = await clusterWithClaim("Block");
    await ask(cluster, "2Gi");
    await cluster.advance(20_000);
    const { status, metadata } = await claimOf(cluster);
    expect(status?.capacity).toEqual({ storage: "2Gi" });
    expect(status?.conditions).toBeUndefined();
    expect(metadata.annotations).toMatchObject({
      "volume.kubernetes.io/node-expansion-not-required": "true",
    });
    expect(await told(cluster)).toContain(
      "external-resizer ebs.csi.aws.com PersistentVolumeClaim VolumeResizeSuccessful",
    );
  });

  test("a volume of another driver waits for its resizer", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(storageClass("e.com/x"));
    const resources = { requests: { storage: "1Gi" } };
    const common = { accessModes: ["ReadWriteOnce"], storageClassName: "fast" };
    await cluster.api.create({
      ...PERSISTENT_VOLUME,
      metadata: { name: "v" },
      spec: { ...common, capacity: { storage: "1Gi" }, hostPath: { path: "/x" } },
    });
    await cluster.advance(100);
    const metadata = { name: "x", namespace: "default" };
    const claim = { ...PERSISTENT_VOLUME_CLAIM, metadata, spec: { ...common, resources } };
    await cluster.api.create(claim);
    await cluster.advance(1000);
    await ask(cluster, "2Gi");
    await cluster.advance(60_000);
    expect((await claimOf(cluster)).status).toEqual({
      phase: "Bound",
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
    });
    expect(await told(cluster)).toEqual(["volume_expand PersistentVolumeClaim ExternalExpanding"]);
  });

  test("a quota on storage is charged with the growth and refuses what is too much", async () => {
    const cluster = await clusterWithClaim();
    await cluster.api.create({
      ...RESOURCE_QUOTA,
      metadata: { name: "q", namespace: "default" },
      spec: { hard: { "requests.storage": "3Gi" } },
    });
    await cluster.advance(1000);
    const used = async () =>
      (await cluster.get(RESOURCE_QUOTA, "q")).status?.used?.["requests.storage"];
    expect(await used()).toBe("1Gi");
    await ask(cluster, "3Gi");
    expect(await used()).toBe("3Gi");
    await expect(ask(cluster, "4Gi")).rejects.toThrow(
      "exceeded quota: q, requested: requests.storage=1Gi, used: requests.storage=3Gi, limited: requests.storage=3Gi",
    );
    await startPod(cluster);
    await cluster.advance(30_000);
    expect((await claimOf(cluster)).status?.capacity).toEqual({ storage: "3Gi" });
    expect(await used()).toBe("3Gi");
  });
});

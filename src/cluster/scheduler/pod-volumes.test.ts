// Situations of kubernetes pkg/scheduler/framework/plugins/{volumebinding,volumerestrictions,volumezone}/*_test.go and
// component-helpers storage/volume (FindMatchingVolume) @ v1.36 on the live cluster.

import { describe, expect, test } from "vitest";
import { POD, podCondition } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../controllers/storage-kinds.ts";
import { startTestCluster } from "../controllers/testing/test-cluster.ts";
import type { TestCluster } from "../controllers/testing/test-cluster.ts";

const HOSTNAME = "kubernetes.io/hostname";
const LOCAL: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "local" },
  provisioner: "kubernetes.io/no-provisioner",
  volumeBindingMode: "WaitForFirstConsumer",
};

interface VolumeShape {
  readonly size?: string;
  readonly node?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly storageClass?: string;
  readonly mode?: string;
}
function volume(name: string, shape: VolumeShape = {}): KubernetesObject {
  const { size = "1Gi", node, labels = {}, storageClass = "local", mode = "ReadWriteOnce" } = shape;
  const matchExpressions = [{ key: HOSTNAME, operator: "In", values: [node] }];
  return {
    ...PERSISTENT_VOLUME,
    metadata: { name, labels },
    spec: {
      accessModes: [mode],
      capacity: { storage: size },
      storageClassName: storageClass,
      hostPath: { path: "/x" },
      ...(node === undefined
        ? {}
        : { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } }),
    },
  };
}
function claim(name: string, over: object = {}): KubernetesObject {
  return {
    ...PERSISTENT_VOLUME_CLAIM,
    metadata: { name, namespace: "default" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "local",
      resources: { requests: { storage: "1Gi" } },
      ...over,
    },
  };
}
const pod = (name: string, claimName: string): KubernetesObject => ({
  ...POD,
  metadata: { name, namespace: "default" },
  spec: {
    containers: [{ name: "c", image: "i:1" }],
    volumes: [{ name: "v", persistentVolumeClaim: { claimName } }],
  },
});
const create = async (
  cluster: TestCluster,
  ...objects: readonly KubernetesObject[]
): Promise<void> => {
  for (const object of objects) await cluster.api.create(object);
};
const runs = (cluster: TestCluster, name: string) => async (): Promise<boolean> =>
  (await cluster.get(POD, name)).status?.phase === "Running";
const whyNot = async (cluster: TestCluster, name: string): Promise<string | undefined> =>
  podCondition(await cluster.get(POD, name), "PodScheduled")?.message;

describe("volumes that are there already", () => {
  test("a claim that waits for its pod gets the volume of the node where the pod fits", async () => {
    const cluster = await startTestCluster();
    await create(cluster, LOCAL, volume("there", { node: "node-1" }), claim("c"), pod("p", "c"));
    await cluster.until("running", runs(cluster, "p"));
    expect((await cluster.get(POD, "p")).spec.nodeName).toBe("node-1");
    const bound = await cluster.get(PERSISTENT_VOLUME_CLAIM, "c");
    expect(bound.spec.volumeName).toBe("there");
    expect(bound.status?.phase).toBe("Bound");
    expect(cluster.errors).toEqual([]);
  });

  test("without one no node will do", async () => {
    const cluster = await startTestCluster();
    await create(cluster, LOCAL, volume("small", { size: "1Mi" }), claim("c"), pod("p", "c"));
    await cluster.advance(5000);
    expect(await whyNot(cluster, "p")).toContain(
      "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind.",
    );
    await create(cluster, volume("large", { size: "2Gi" }));
    await cluster.until("running", runs(cluster, "p"));
  });

  test.each([
    {
      name: "the smallest that is large enough",
      volumes: [
        volume("l", { size: "9Gi" }),
        volume("m", { size: "2Gi" }),
        volume("s", { size: "1Mi" }),
      ],
      over: {},
      want: "m",
    },
    {
      name: "one with the labels of the selector",
      volumes: [volume("m"), volume("l", { size: "9Gi", labels: { disk: "ssd" } })],
      over: { selector: { matchLabels: { disk: "ssd" } } },
      want: "l",
    },
    {
      name: "one of the class",
      volumes: [volume("m", { storageClass: "other" }), volume("l", { size: "9Gi" })],
      over: {},
      want: "l",
    },
  ])("$name is chosen", async ({ volumes, over, want }) => {
    const cluster = await startTestCluster();
    await create(cluster, LOCAL, ...volumes, claim("c", over), pod("p", "c"));
    await cluster.until("running", runs(cluster, "p"));
    expect((await cluster.get(PERSISTENT_VOLUME_CLAIM, "c")).spec.volumeName).toBe(want);
  });

  test("a volume with a zone label keeps the pod in that zone", async () => {
    const cluster = await startTestCluster();
    const labels = { "topology.kubernetes.io/zone": "elsewhere__b" };
    const immediate = { ...LOCAL, metadata: { name: "now" }, volumeBindingMode: "Immediate" };
    const zoned = volume("z", { storageClass: "now", labels });
    await create(cluster, immediate, zoned, claim("c", { storageClassName: "now" }));
    await create(cluster, pod("p", "c"));
    await cluster.until("running", runs(cluster, "p"));
    expect((await cluster.get(POD, "p")).spec.nodeName).toBe("node-1");
  });

  test("ReadWriteOncePod lets one pod alone use the claim", async () => {
    const cluster = await startTestCluster();
    const alone = claim("c", { accessModes: ["ReadWriteOncePod"] });
    await create(
      cluster,
      LOCAL,
      volume("v", { mode: "ReadWriteOncePod" }),
      alone,
      pod("first", "c"),
    );
    await cluster.until("running", runs(cluster, "first"));
    await create(cluster, pod("second", "c"));
    await cluster.advance(5000);
    expect(await whyNot(cluster, "second")).toContain(
      "3 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.",
    );
    await cluster.api.delete({ ...POD, name: "first", namespace: "default" });
    await cluster.until("running", runs(cluster, "second"));
  });
});

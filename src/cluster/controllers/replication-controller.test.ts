// ReplicationControllers: what a ReplicaSet does, by a plain map of labels (kubernetes pkg/controller/replication).

import { expect, test } from "vitest";
import { POD } from "../../kubernetes/index.ts";
import { startVirtualCluster } from "../start-cluster.ts";
import { REPLICATION_CONTROLLER } from "./workload-kinds.ts";

const labels = { app: "old" };
const ref = { ...REPLICATION_CONTROLLER, name: "old", namespace: "default" };

test("a ReplicationController keeps its pods, adopts, scales and reports", async () => {
  const cluster = await startVirtualCluster();
  const { api } = cluster;
  const container = { name: "c", image: "c:1" };
  const orphan = { name: "orphan", namespace: "default", labels };
  await api.create({ ...POD, metadata: orphan, spec: { containers: [container] } });
  await api.create({
    ...REPLICATION_CONTROLLER,
    metadata: { name: "old", namespace: "default" },
    spec: { replicas: 3, template: { metadata: { labels }, spec: { containers: [container] } } },
  });
  await cluster.settled();
  const { status } = await api.get(ref);
  expect(status).toEqual({
    replicas: 3,
    fullyLabeledReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    observedGeneration: 1,
  });
  const pods = await api.list(POD);
  expect(pods.items.map(({ metadata }) => metadata.ownerReferences?.[0]?.kind)).toEqual(
    Array.from({ length: 3 }, () => "ReplicationController"),
  );
  await api.patch(
    ref,
    { type: "merge", body: { spec: { replicas: 1 } } },
    { subresource: "scale" },
  );
  await cluster.settled();
  expect((await api.list(POD)).items).toHaveLength(1);
  await cluster.stop();
});

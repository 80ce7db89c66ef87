// Situations of kubernetes pkg/controller/endpointslicemirroring/*_test.go @ v1.36 on the live cluster.

import { expect, test } from "vitest";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { ENDPOINT_SLICE, ENDPOINTS, SERVICE } from "./service-kinds.ts";
import type { EndpointSlice } from "./service-kinds.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";

const service = (over: object = {}): KubernetesObject => ({
  ...SERVICE,
  metadata: { name: "db", namespace: "default" },
  spec: { ports: [{ port: 5432 }], ...over },
});
const endpoints = (over: object = {}): KubernetesObject => ({
  ...ENDPOINTS,
  metadata: { name: "db", namespace: "default", labels: { tier: "data" }, ...over },
  subsets: [
    {
      addresses: [{ ip: "192.0.2.1" }, { ip: "2001:db8::1" }],
      notReadyAddresses: [{ ip: "192.0.2.2" }],
      ports: [{ port: 5432 }],
    },
  ],
});
const mirrors = async (cluster: TestCluster): Promise<readonly EndpointSlice[]> =>
  (await cluster.list(ENDPOINT_SLICE, "default")).filter(
    ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "db",
  );

test("one slice per address family, with the labels and the owner of the Endpoints", async () => {
  const cluster = await startTestCluster();
  await cluster.api.create(service());
  await cluster.api.create(endpoints());
  await cluster.advance(1000);
  const slices = await mirrors(cluster);
  expect(slices.map(({ addressType }) => addressType).toSorted()).toEqual(["IPv4", "IPv6"]);
  const four = slices.find(({ addressType }) => addressType === "IPv4");
  expect(four).toMatchObject({
    metadata: {
      labels: {
        tier: "data",
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
      },
      ownerReferences: [{ kind: "Endpoints", name: "db", controller: true }],
    },
    endpoints: [
      { addresses: ["192.0.2.1"], conditions: { ready: true } },
      { addresses: ["192.0.2.2"], conditions: { ready: false } },
    ],
    ports: [{ port: 5432 }],
  });
  await cluster.api.delete({ ...ENDPOINTS, name: "db", namespace: "default" });
  await cluster.until("no mirrors", async () => (await mirrors(cluster)).length === 0);
  expect(cluster.errors).toEqual([]);
});

test.each([
  { name: "without a Service", objects: [endpoints()] },
  {
    name: "asked not to",
    objects: [
      service(),
      endpoints({ labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } }),
    ],
  },
  {
    name: "of a leader election",
    objects: [
      service(),
      endpoints({ annotations: { "control-plane.alpha.kubernetes.io/leader": "x" } }),
    ],
  },
])("Endpoints are not mirrored: $name", async ({ objects }) => {
  const cluster = await startTestCluster();
  for (const object of objects) await cluster.api.create(object);
  await cluster.advance(1000);
  expect(await mirrors(cluster)).toEqual([]);
});

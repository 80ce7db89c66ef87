// Claims against disks: the six data services of one document ask for 87Gi, and its least cluster has 50 GB (T-03).

import fc from "fast-check";
import { expect, it } from "vitest";

import type { NodeGroup, Workload } from "../../model/index.ts";
import { describeChecks } from "../testing/check-rows.ts";
import { object } from "../testing/objects.ts";
import { viewOf } from "../testing/platform.ts";
import { checkStorage } from "./storage.ts";

const nodes = (storage: string | undefined, count = 3): NodeGroup[] => [
  {
    name: "workers",
    role: "worker",
    count,
    cpu: "4",
    memory: "8Gi",
    zones: ["a"],
    ...(storage === undefined ? {} : { storage }),
  },
];
const claim = (size: string) => ({ spec: { resources: { requests: { storage: size } } } });
const set = (name: string, size: string, replicas = 3) =>
  object("apps/v1", "StatefulSet", name, {
    spec: { replicas, volumeClaimTemplates: [claim(size)] },
  });
const made = (name: string, volumes: string[], replicas = 3): Workload => ({
  kind: "StatefulSet",
  name,
  namespace: "data",
  labels: {},
  serviceAccount: name,
  replicas,
  volumes,
  ports: [],
  services: [],
  containers: [],
  usesApi: false,
  component: "test",
  origin: ["databases", name],
});

/** 3·1 + 3·5 + 3·5 + 3·6 + 3·10 + 3·2 Gi. */
const SIX = {
  objects: [set("redis", "1Gi"), set("mysql", "5Gi"), set("zookeeper", "2Gi")],
  workloads: [made("postgres", ["5Gi"]), made("mongodb", ["5Gi", "1Gi"]), made("kafka", ["10Gi"])],
};

describeChecks([
  {
    name: "87Gi of volumes and 50 GB of disks (T-03)",
    check: checkStorage,
    broken: { ...SIX, cluster: { nodes: nodes("50G", 1) } },
    codes: ["verify/storage-too-small"],
    repaired: { ...SIX, cluster: { nodes: nodes("30Gi") } },
  },
  {
    name: "a claim beside the sets",
    check: checkStorage,
    broken: {
      objects: [object("v1", "PersistentVolumeClaim", "layers", claim("10Gi"))],
      cluster: { nodes: nodes("3Gi") },
    },
    codes: ["verify/storage-too-small"],
    repaired: {
      objects: [object("v1", "PersistentVolumeClaim", "layers", claim("10Gi"))],
      cluster: { nodes: nodes(undefined) },
    },
  },
]);

it("adds up exactly", () => {
  const part = fc.record({
    size: fc.integer({ min: 1, max: 50 }),
    replicas: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 6 }),
      fc.integer({ min: 1, max: 200 }),
      (parts, disk) => {
        const objects = parts.map(({ size, replicas }, index) =>
          set(`s${index}`, `${size}Gi`, replicas),
        );
        const sum = parts.reduce((total, { size, replicas }) => total + size * replicas, 0);
        const found = [
          ...checkStorage(viewOf({ objects, cluster: { nodes: nodes(`${disk}Gi`, 1) } })),
        ];
        expect(found.length).toBe(sum > disk ? 1 : 0);
      },
    ),
    { numRuns: 60 },
  );
});

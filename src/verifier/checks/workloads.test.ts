// Workloads that could not run as they are meant to: autoscalers, quotas, volumes, schedules, images, the cluster's size.

import { expect, it } from "vitest";

import type { Workload } from "../../model/index.ts";
import { describeChecks } from "../testing/check-rows.ts";
import {
  object,
  web,
  autoscaler,
  claim,
  mount,
  quota,
  TARGET,
  global,
} from "../testing/objects.ts";
import { type Setup, SUBSTRATE, viewOf } from "../testing/platform.ts";
import { checkCapacity } from "./capacity.ts";
import { checkCronTimeZone } from "./cron-time-zone.ts";
import { checkMetricsApi } from "./metrics-api.ts";
import { checkPinnedImages } from "./pinned-images.ts";
import { checkProbes } from "./probes.ts";
import { checkQuorumZones } from "./quorum-zones.ts";
import { checkQuotas } from "./quotas.ts";
import { checkScaleTargets } from "./scale-targets.ts";
import { checkSingleWriter } from "./single-writer.ts";

const PROBE = { httpGet: { path: "/healthz", port: "http" } };
const voters: Workload = {
  kind: "StatefulSet",
  name: "orders",
  namespace: "data",
  labels: { app: "orders" },
  serviceAccount: "orders",
  replicas: 3,
  quorum: true,
  ports: [],
  services: [],
  containers: [],
  usesApi: false,
  component: "database",
  origin: ["databases", "orders"],
};
const inZones = (zones: readonly string[]): NonNullable<Setup["cluster"]> => ({
  scale: "highly-available",
  nodes: [{ name: "agents", role: "worker", count: 3, cpu: "4", memory: "8Gi", zones }],
});

describeChecks([
  {
    name: "an autoscaler without target (T-02)",
    check: checkScaleTargets,
    broken: { objects: [web(), autoscaler({ maxReplicas: 3 })] },
    codes: ["verify/autoscaler-without-target"],
    repaired: { objects: [web(), autoscaler({ ...TARGET, maxReplicas: 3 })] },
  },
  {
    name: "an autoscaler with bounds the wrong way round and no such target",
    check: checkScaleTargets,
    broken: { objects: [autoscaler({ ...TARGET, minReplicas: 4, maxReplicas: 3 })] },
    codes: ["verify/autoscaler-bounds", "verify/missing-reference"],
    repaired: { objects: [web(), autoscaler({ ...TARGET, minReplicas: 3, maxReplicas: 3 })] },
  },
  {
    name: "replicas fought over (T-25)",
    check: checkScaleTargets,
    broken: { objects: [web({}, {}, { replicas: 2 }), autoscaler({ ...TARGET, maxReplicas: 3 })] },
    codes: ["verify/contested-replicas"],
    repaired: { objects: [web(), autoscaler({ ...TARGET, maxReplicas: 3 })] },
  },
  {
    name: "an image without version",
    check: checkPinnedImages,
    broken: { objects: [web({}, { image: "registry:5000/web" })] },
    codes: ["verify/unpinned-image"],
    repaired: { objects: [web({}, { image: "registry:5000/web:1" })] },
  },
  {
    name: "an autoscaler by CPU where nobody measures it",
    check: checkMetricsApi,
    broken: {
      objects: [web(), autoscaler({ ...TARGET, maxReplicas: 3 })],
      cluster: { substrate: { ...SUBSTRATE, metricsApi: false } },
    },
    codes: ["verify/autoscaler-without-metrics"],
    repaired: {
      objects: [web(), autoscaler({ ...TARGET, maxReplicas: 3 })],
      standIns: [
        global("apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io", {
          spec: { group: "metrics.k8s.io", version: "v1beta1" },
        }),
      ],
      cluster: { substrate: { ...SUBSTRATE, metricsApi: false } },
    },
  },
  {
    name: "an autoscaler by something else than CPU and memory",
    check: checkMetricsApi,
    broken: {
      objects: [
        autoscaler({
          ...TARGET,
          maxReplicas: 3,
          metrics: [{ type: "Pods" }, { type: "Resource" }],
        }),
      ],
      cluster: { substrate: { ...SUBSTRATE, metricsApi: false } },
    },
    codes: ["verify/autoscaler-without-metrics"],
    repaired: {
      objects: [autoscaler({ ...TARGET, maxReplicas: 3, metrics: [{ type: "Pods" }] })],
      cluster: { substrate: { ...SUBSTRATE, metricsApi: false } },
    },
  },
  {
    name: "a quota below the autoscaler's maximum and surge (T-07)",
    check: checkQuotas,
    broken: {
      objects: [
        web({}, { resources: { limits: { cpu: "800m" } } }),
        autoscaler({ ...TARGET, maxReplicas: 10 }),
        quota({ "limits.cpu": "8", pods: "12" }),
      ],
    },
    codes: ["verify/quota-too-small", "verify/quota-too-small"],
    repaired: {
      objects: [
        web({}, { resources: { limits: { cpu: "800m" } } }, { strategy: { type: "Recreate" } }),
        autoscaler({ ...TARGET, maxReplicas: 10 }),
        quota({ "limits.cpu": "8", pods: "12" }),
      ],
    },
  },
  {
    name: "a port without probes (APP-03)",
    check: checkProbes,
    broken: { objects: [web({}, { readinessProbe: PROBE })] },
    codes: ["verify/missing-probe"],
    repaired: { objects: [web({}, { readinessProbe: PROBE, livenessProbe: PROBE })] },
  },
  {
    name: "probes of what nobody calls",
    check: checkProbes,
    broken: { objects: [web()] },
    codes: ["verify/missing-probe"],
    repaired: { objects: [web({}, { ports: [] })] },
  },
  {
    name: "three members over two zones (T-36)",
    check: checkQuorumZones,
    broken: { workloads: [voters], cluster: inZones(["a", "b"]) },
    codes: ["verify/quorum-in-two-zones"],
    repaired: { workloads: [voters], cluster: inZones(["a", "b", "c"]) },
  },
  {
    name: "a rolling update on a volume one node can mount (T-24)",
    check: checkSingleWriter,
    broken: { objects: [web(mount), claim("ReadWriteOnce")] },
    codes: ["verify/single-writer-surge"],
    repaired: {
      objects: [web(mount, {}, { strategy: { type: "Recreate" } }), claim("ReadWriteOnce")],
    },
  },
  {
    name: "replicas on a volume one node can mount",
    check: checkSingleWriter,
    broken: {
      objects: [
        web(mount, {}, { replicas: 2, strategy: { type: "Recreate" } }),
        claim("ReadWriteOnce"),
      ],
    },
    codes: ["verify/single-writer-replicas"],
    repaired: { objects: [web(mount, {}, { replicas: 2 }), claim("ReadWriteMany")] },
  },
  {
    name: "a schedule without time zone (T-28)",
    check: checkCronTimeZone,
    broken: {
      objects: [object("batch/v1", "CronJob", "dump", { spec: { schedule: "0 3 * * *" } })],
    },
    codes: ["verify/missing-time-zone"],
    repaired: {
      objects: [
        object("batch/v1", "CronJob", "dump", {
          spec: { schedule: "0 3 * * *", timeZone: "Etc/UTC" },
        }),
      ],
    },
  },
]);

it("let the cluster's size decide", () => {
  const container = {
    name: "c",
    image: "web:1",
    requests: { cpu: "3", memory: "1Gi" },
    limits: { memory: "1Gi" },
  };
  const workload = (replicas: number): NonNullable<Setup["workloads"]>[number] => ({
    kind: "Deployment",
    name: "web",
    namespace: "shop",
    labels: { app: "web" },
    serviceAccount: "web",
    replicas,
    ports: [],
    services: [],
    containers: [container],
    usesApi: false,
    component: "test",
    origin: ["apps", "web"],
  });
  const codes = (replicas: number): string[] =>
    [...checkCapacity(viewOf({ workloads: [workload(replicas)] }))].map(({ code }) => code);
  expect(codes(2)).toEqual([]);
  expect(codes(3)).toEqual(["verify/cluster-too-small"]);
});

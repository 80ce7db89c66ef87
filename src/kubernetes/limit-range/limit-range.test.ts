// Cases transcribed from kubernetes plugin/pkg/admission/limitranger/admission_test.go @v1.36 (TestMergePodResourceRequirements,
// TestPodLimitFunc, TestPersistentVolumeClaimLimitFunc).

import { describe, expect, it } from "vitest";

import type { Container, KubernetesObject, Pod } from "../index.ts";
import { claimLimitFaults, podLimitFaults, withContainerDefaults } from "./index.ts";
import type { LimitRange, LimitRangeItem } from "./index.ts";

type Resources = NonNullable<Container["resources"]>;
const range = (...limits: readonly LimitRangeItem[]): LimitRange => ({
  apiVersion: "v1",
  kind: "LimitRange",
  metadata: { name: "abc" },
  spec: { limits },
});
const named = (resources: readonly Resources[]): Container[] =>
  resources.map((one, index) => ({ name: `foo-${index}`, resources: one }));
const pod = (containers: readonly Resources[], init: readonly Resources[] = []): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: {
    containers: named(containers),
    ...(init.length === 0 ? {} : { initContainers: named(init) }),
  },
});
const times = (count: number, one: Resources): Resources[] =>
  Array.from({ length: count }, () => one);

const DEFAULTS = range({
  type: "Container",
  default: { cpu: "75m", memory: "10Mi" },
  defaultRequest: { cpu: "50m", memory: "5Mi" },
});
const FULL = {
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "200m", memory: "1G" },
};

describe("defaults of a limit range", () => {
  it.each([
    {
      name: "an empty container gets all",
      pod: pod([{}]),
      annotation:
        "LimitRanger plugin set: cpu, memory request for container foo-0; cpu, memory limit for container foo-0",
      resources: {
        requests: { cpu: "50m", memory: "5Mi" },
        limits: { cpu: "75m", memory: "10Mi" },
      },
    },
    {
      name: "what is there stays",
      pod: pod([{ requests: { memory: "512Mi" } }], [{ requests: { memory: "512Mi" } }]),
      annotation:
        "LimitRanger plugin set: cpu request for container foo-0; cpu, memory limit for container foo-0; cpu request for init container foo-0; cpu, memory limit for init container foo-0",
      resources: {
        requests: { cpu: "50m", memory: "512Mi" },
        limits: { cpu: "75m", memory: "10Mi" },
      },
    },
    {
      name: "a complete container is left alone",
      pod: pod([FULL]),
      annotation: undefined,
      resources: FULL,
    },
  ])("$name", ({ pod: before, annotation, resources }) => {
    const after = withContainerDefaults(before, DEFAULTS);
    expect(after.metadata.annotations?.["kubernetes.io/limit-ranger"]).toBe(annotation);
    expect(after.spec.containers[0]?.resources).toEqual(resources);
    if (annotation === undefined) expect(after).toBe(before);
  });
});

interface Row {
  readonly name: string;
  readonly pod: Pod;
  readonly item: LimitRangeItem;
  readonly faults: readonly string[];
}

const memory = (request: string | undefined, limit?: string): Resources => ({
  ...(request === undefined ? {} : { requests: { memory: request } }),
  ...(limit === undefined ? {} : { limits: { memory: limit } }),
});
const cpu = (request: string | undefined, limit?: string): Resources => ({
  ...(request === undefined ? {} : { requests: { cpu: request } }),
  ...(limit === undefined ? {} : { limits: { cpu: limit } }),
});

const ROWS: readonly Row[] = [
  {
    name: "ctr-min-cpu-request-limit",
    pod: pod([cpu("100m", "200m")]),
    item: { type: "Container", min: { cpu: "50m" } },
    faults: [],
  },
  {
    name: "ctr-min-cpu-request",
    pod: pod([cpu("40m")]),
    item: { type: "Container", min: { cpu: "50m" } },
    faults: ["minimum cpu usage per Container is 50m, but request is 40m"],
  },
  {
    name: "ctr-min-cpu-no-request-limit",
    pod: pod([{}]),
    item: { type: "Container", min: { cpu: "50m" } },
    faults: ["minimum cpu usage per Container is 50m.  No request is specified"],
  },
  {
    name: "ctr-max-cpu-request-limit",
    pod: pod([cpu("500m", "2500m")]),
    item: { type: "Container", max: { cpu: "2" } },
    faults: ["maximum cpu usage per Container is 2, but limit is 2500m"],
  },
  {
    name: "ctr-max-mem-no-request-limit",
    pod: pod([{}]),
    item: { type: "Container", max: { memory: "1Gi" } },
    faults: ["maximum memory usage per Container is 1Gi.  No limit is specified"],
  },
  {
    name: "ctr-max-cpu-ratio within",
    pod: pod([cpu("500m", "750m")]),
    item: { type: "Container", maxLimitRequestRatio: { cpu: "1.5" } },
    faults: [],
  },
  {
    name: "ctr-max-cpu-ratio",
    pod: pod([cpu("1250m", "2500m")]),
    item: { type: "Container", maxLimitRequestRatio: { cpu: "1" } },
    faults: ["cpu max limit to request ratio per Container is 1, but provided ratio is 2.000000"],
  },
  {
    name: "a ratio of nothing",
    pod: pod([cpu(undefined, "1")]),
    item: { type: "Container", maxLimitRequestRatio: { cpu: "1" } },
    faults: [
      "cpu max limit to request ratio per Container is 1, but no request is specified or request is 0",
    ],
  },
  {
    name: "pod-min-cpu-request adds containers up",
    pod: pod(times(2, cpu("75m"))),
    item: { type: "Pod", min: { cpu: "100m" } },
    faults: [],
  },
  {
    name: "pod-min-cpu-request",
    pod: pod([cpu("75m")]),
    item: { type: "Pod", min: { cpu: "100m" } },
    faults: ["minimum cpu usage per Pod is 100m, but request is 75m"],
  },
  {
    name: "pod-init-min-memory-request",
    pod: pod(times(2, memory("60Mi")), [memory("100Mi")]),
    item: { type: "Pod", min: { memory: "100Mi" } },
    faults: [],
  },
  {
    name: "pod-max-cpu-limit",
    pod: pod(times(3, cpu(undefined, "1"))),
    item: { type: "Pod", max: { cpu: "2" } },
    faults: ["maximum cpu usage per Pod is 2, but limit is 3"],
  },
  {
    name: "pod-init-max-mem-limit",
    pod: pod([memory(undefined, "500Mi")], [memory(undefined, "1.5Gi")]),
    item: { type: "Pod", max: { memory: "1Gi" } },
    faults: ["maximum memory usage per Pod is 1Gi, but limit is 1536Mi"],
  },
  {
    name: "pod-max-mem-ratio within",
    pod: pod(times(3, memory("300Mi", "450Mi"))),
    item: { type: "Pod", maxLimitRequestRatio: { memory: "1.5" } },
    faults: [],
  },
  {
    name: "pod-max-mem-ratio",
    pod: pod(times(3, memory("250Mi", "500Mi"))),
    item: { type: "Pod", max: { memory: "2Gi" }, maxLimitRequestRatio: { memory: "1.5" } },
    faults: ["memory max limit to request ratio per Pod is 1500m, but provided ratio is 2.000000"],
  },
];

describe("bounds of a limit range for pods", () => {
  it.each(ROWS)("$name", ({ pod: object, item, faults }) => {
    expect(podLimitFaults(object, range(item))).toEqual(faults);
  });
});

describe("bounds of a limit range for claims", () => {
  const claim = (storage: string): KubernetesObject => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "c" },
    spec: { resources: { requests: { storage } } },
  });
  const bounds = { min: { storage: "1Gi" }, max: { storage: "10Gi" } };

  it.each([
    { storage: "1Gi", faults: [] },
    { storage: "10Gi", faults: [] },
    {
      storage: "500Mi",
      faults: ["minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi"],
    },
    {
      storage: "11Gi",
      faults: ["maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi"],
    },
  ])("$storage", ({ storage, faults }) => {
    const limitRange = range({ type: "PersistentVolumeClaim", ...bounds });
    expect(claimLimitFaults(claim(storage), limitRange)).toEqual(faults);
  });
});

// Cases transcribed from kubernetes pkg/quota/v1/evaluator/core/pods_test.go @v1.36 (TestPodConstraintsFunc,
// TestPodEvaluatorUsage, TestPodEvaluatorMatchingScopes) and services_test.go, persistent_volume_claims_test.go.

import { describe, expect, it } from "vitest";

import type { Container, KubernetesObject, PodSpec } from "../index.ts";
import { formatQuantities, quotaEvaluator } from "../index.ts";
import type { ScopeRequirement } from "./index.ts";

const NOW = Date.parse("2026-01-01T00:01:00Z");

type Resources = NonNullable<Container["resources"]>;
const container = (resources: Resources, over: Partial<Container> = {}): Container => ({
  name: "",
  resources,
  ...over,
});
const pod = (
  spec: Partial<PodSpec> & Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>> = {},
): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", ...(over["metadata"] as object | undefined) },
  spec: { containers: [], ...spec },
  ...("status" in over ? { status: over["status"] } : {}),
});
const evaluatorOf = (resource: string) => {
  const found = quotaEvaluator(resource);
  if (found === undefined) throw new Error(`nothing measures ${resource}`);
  return found;
};
const usageOf = (resource: string, object: KubernetesObject): Readonly<Record<string, string>> =>
  formatQuantities(evaluatorOf(resource).usage(object, NOW));

const CPU = { requests: { cpu: "1m" }, limits: { cpu: "2m" } };
const DONGLE = { requests: { "example.com/dongle": "3" }, limits: { "example.com/dongle": "3" } };
const counted = { "count/pods": "1", pods: "1" };
const cpuUsed = { cpu: "1m", "requests.cpu": "1m", "limits.cpu": "2m" };

const USAGES = [
  { name: "init container cpu", pod: pod({ initContainers: [container(CPU)] }), used: cpuUsed },
  { name: "container cpu", pod: pod({ containers: [container(CPU)] }), used: cpuUsed },
  {
    name: "container memory",
    pod: pod({
      containers: [container({ requests: { memory: "1Gi" }, limits: { memory: "2Gi" } })],
    }),
    used: { memory: "1Gi", "requests.memory": "1Gi", "limits.memory": "2Gi" },
  },
  {
    name: "local ephemeral storage",
    pod: pod({
      containers: [
        container({
          requests: { "ephemeral-storage": "32Mi" },
          limits: { "ephemeral-storage": "64Mi" },
        }),
      ],
    }),
    used: {
      "ephemeral-storage": "32Mi",
      "requests.ephemeral-storage": "32Mi",
      "limits.ephemeral-storage": "64Mi",
    },
  },
  {
    name: "huge pages",
    pod: pod({ containers: [container({ requests: { "hugepages-2Mi": "100Mi" } })] }),
    used: { "hugepages-2Mi": "100Mi", "requests.hugepages-2Mi": "100Mi" },
  },
  {
    name: "extended resources",
    pod: pod({ containers: [container(DONGLE)] }),
    used: { "requests.example.com/dongle": "3" },
  },
  {
    name: "init container maximums override the sum of containers",
    pod: pod({
      initContainers: [
        container({
          requests: { cpu: "4", memory: "100M", "example.com/dongle": "4" },
          limits: { cpu: "8", memory: "200M", "example.com/dongle": "4" },
        }),
        container({
          requests: { cpu: "1", memory: "50M", "example.com/dongle": "2" },
          limits: { cpu: "2", memory: "100M", "example.com/dongle": "2" },
        }),
      ],
      containers: [
        container({
          requests: { cpu: "1", memory: "50M", "example.com/dongle": "1" },
          limits: { cpu: "2", memory: "100M", "example.com/dongle": "1" },
        }),
        container({
          requests: { cpu: "2", memory: "25M", "example.com/dongle": "2" },
          limits: { cpu: "5", memory: "50M", "example.com/dongle": "2" },
        }),
      ],
    }),
    used: {
      cpu: "4",
      "requests.cpu": "4",
      "limits.cpu": "8",
      memory: "100M",
      "requests.memory": "100M",
      "limits.memory": "200M",
      "requests.example.com/dongle": "4",
    },
  },
  {
    name: "overhead adds to requests, and to limits that are set",
    pod: pod({
      overhead: { cpu: "1", memory: "1Mi" },
      containers: [container({ requests: { cpu: "1", memory: "50M" }, limits: { cpu: "2" } })],
    }),
    used: {
      cpu: "2",
      "requests.cpu": "2",
      "limits.cpu": "3",
      memory: "51048576",
      "requests.memory": "51048576",
    },
  },
  {
    name: "a sidecar runs beside the containers",
    pod: pod({
      initContainers: [container({ requests: { cpu: "1" } }, { restartPolicy: "Always" })],
      containers: [container({ requests: { cpu: "2" } })],
    }),
    used: { cpu: "3", "requests.cpu": "3" },
  },
  {
    name: "what the pod states as a whole wins",
    pod: pod({
      resources: { requests: { cpu: "5" } },
      containers: [container({ requests: { cpu: "2", memory: "1Mi" } })],
    }),
    used: { cpu: "5", "requests.cpu": "5", memory: "1Mi", "requests.memory": "1Mi" },
  },
];

describe("a pod uses", () => {
  it.each(USAGES)("$name", ({ pod: object, used }) => {
    expect(usageOf("pods", object)).toEqual({ ...counted, ...used });
  });

  const stuck = (deletionTimestamp: string): KubernetesObject =>
    pod(
      { containers: [container(CPU)] },
      { metadata: { deletionTimestamp, deletionGracePeriodSeconds: 30 } },
    );

  it.each([
    { name: "itself alone once it has ended", pod: pod({}, { status: { phase: "Succeeded" } }) },
    { name: "itself alone past its grace period", pod: stuck("2026-01-01T00:00:00Z") },
  ])("$name", ({ pod: object }) => {
    expect(usageOf("pods", object)).toEqual({ "count/pods": "1" });
  });

  it("everything within its grace period", () => {
    expect(usageOf("pods", stuck("2026-01-01T00:01:00Z"))).toEqual({ ...counted, ...cpuUsed });
  });
});

describe("a quota of memory obliges", () => {
  it.each([
    {
      name: "every init container",
      pod: pod({ initContainers: [container(CPU, { name: "i" })] }),
      lacks: "must specify memory for: i",
    },
    {
      name: "every container, each named once and in order",
      pod: pod({ containers: [container({}, { name: "b" }), container({}, { name: "a" })] }),
      lacks: "must specify memory for: a,b",
    },
    {
      name: "nobody who states it",
      pod: pod({ containers: [container({ requests: { memory: "1Mi" } })] }),
      lacks: undefined,
    },
  ])("$name", ({ pod: object, lacks }) => {
    expect(evaluatorOf("pods").lacks?.(["memory", "requests.example.com/dongle"], object)).toBe(
      lacks,
    );
  });
});

const exists = (scopeName: string): ScopeRequirement => ({ scopeName, operator: "Exists" });
const priority = (
  operator: ScopeRequirement["operator"],
  ...values: readonly string[]
): ScopeRequirement => ({ scopeName: "PriorityClass", operator, values });
const across = (namespaceSelector: object | undefined): Partial<PodSpec> => ({
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          topologyKey: "zone",
          labelSelector: {},
          ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
        },
      ],
    },
  },
});

const SCOPES = [
  { name: "an empty pod is best effort", spec: {}, scope: exists("BestEffort"), fits: true },
  { name: "and does not end", spec: {}, scope: exists("NotTerminating"), fits: true },
  {
    name: "a deadline ends it",
    spec: { activeDeadlineSeconds: 0 },
    scope: exists("Terminating"),
    fits: true,
  },
  {
    name: "cpu is more than best effort",
    spec: { containers: [container(CPU)] },
    scope: exists("BestEffort"),
    fits: false,
  },
  {
    name: "devices are not",
    spec: { containers: [container(DONGLE)] },
    scope: exists("NotBestEffort"),
    fits: false,
  },
  {
    name: "a priority class",
    spec: { priorityClassName: "high" },
    scope: priority("Exists"),
    fits: true,
  },
  {
    name: "this priority class",
    spec: { priorityClassName: "high" },
    scope: priority("In", "low", "high"),
    fits: true,
  },
  {
    name: "another priority class",
    spec: { priorityClassName: "high" },
    scope: priority("NotIn", "high"),
    fits: false,
  },
  { name: "no class is not that class", spec: {}, scope: priority("NotIn", "high"), fits: true },
  { name: "no class at all", spec: {}, scope: priority("DoesNotExist"), fits: true },
  {
    name: "affinity within the namespace",
    spec: across(undefined),
    scope: exists("CrossNamespacePodAffinity"),
    fits: false,
  },
  {
    name: "affinity to any namespace",
    spec: across({}),
    scope: exists("CrossNamespacePodAffinity"),
    fits: true,
  },
  { name: "a scope of claims", spec: {}, scope: exists("VolumeAttributesClass"), fits: false },
];

describe("the scope of a pod", () => {
  it.each(SCOPES)("$name", ({ spec, scope, fits }) => {
    expect(evaluatorOf("pods").inScope(scope, pod(spec))).toBe(fits);
  });
});

const object = (kind: string, spec: object, over: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "x" },
  spec,
  ...over,
});
const service = { "count/services": "1", services: "1" };
const claim = { "count/persistentvolumeclaims": "1", persistentvolumeclaims: "1" };
const GOLD = "gold.storageclass.storage.k8s.io";
const size = (storage: string) => ({ resources: { requests: { storage } } });

const OTHERS = [
  {
    name: "a load balancer with its ports",
    resource: "services",
    object: object("Service", { type: "LoadBalancer", ports: [{}, {}] }),
    used: { ...service, "services.loadbalancers": "1", "services.nodeports": "2" },
  },
  {
    name: "a load balancer that gets no ports but those it names",
    resource: "services",
    object: object("Service", {
      type: "LoadBalancer",
      allocateLoadBalancerNodePorts: false,
      ports: [{ nodePort: 30_000 }, {}],
    }),
    used: { ...service, "services.loadbalancers": "1", "services.nodeports": "1" },
  },
  {
    name: "a cluster IP",
    resource: "services",
    object: object("Service", { type: "ClusterIP", ports: [{}] }),
    used: { ...service, "services.loadbalancers": "0", "services.nodeports": "0" },
  },
  {
    name: "a claim",
    resource: "persistentvolumeclaims",
    object: object("PersistentVolumeClaim", size("10Gi")),
    used: { ...claim, "requests.storage": "10Gi" },
  },
  {
    name: "a claim of a class",
    resource: "persistentvolumeclaims",
    object: object("PersistentVolumeClaim", { storageClassName: "gold", ...size("10Gi") }),
    used: {
      ...claim,
      "requests.storage": "10Gi",
      [`${GOLD}/requests.storage`]: "10Gi",
      [`${GOLD}/persistentvolumeclaims`]: "1",
    },
  },
  {
    name: "a claim of a fraction of a byte",
    resource: "persistentvolumeclaims",
    object: object("PersistentVolumeClaim", size("10000000001m")),
    used: { ...claim, "requests.storage": "10000001" },
  },
  {
    name: "a claim that has been given more",
    resource: "persistentvolumeclaims",
    object: object("PersistentVolumeClaim", size("10Gi"), {
      status: { allocatedResources: { storage: "20Gi" } },
    }),
    used: { ...claim, "requests.storage": "20Gi" },
  },
  {
    name: "a secret, under both its names",
    resource: "secrets",
    object: object("Secret", {}),
    used: { "count/secrets": "1", secrets: "1" },
  },
  {
    name: "anything else",
    resource: "widgets.example.com",
    object: object("Widget", {}),
    used: { "count/widgets.example.com": "1" },
  },
];

describe("other objects use", () => {
  it.each(OTHERS)("$name", ({ resource, object: one, used }) => {
    expect(usageOf(resource, one)).toEqual(used);
  });

  it("nothing when they are events", () => {
    expect(quotaEvaluator("events")).toBeUndefined();
  });
});

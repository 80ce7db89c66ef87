// `metrics.k8s.io/v1beta1` as metrics-server serves it (kubernetes-sigs/metrics-server pkg/api), computed from the load
// that pods declare. A sample is taken every 15 s of cluster time (`--metric-resolution`); nothing is stored.

import { formatInstant, formatQuantity, groupBy } from "../../../core/index.ts";
import type { Clock, InstantMs } from "../../../core/index.ts";
import {
  controllerUid,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
  SelectorSyntaxError,
  statusError,
} from "../../../kubernetes/index.ts";
import type {
  ApiService,
  ApiServiceAnswer,
  ApiServiceRequest,
  ApiServiceResource,
  KubernetesObject,
  Node,
  Pod,
} from "../../../kubernetes/index.ts";
import type { Store } from "../../store/index.ts";
import { isHeard, LEASE_NAMESPACE } from "../heartbeat.ts";
import type { Lease } from "../heartbeat.ts";
import { amount, podUsage, runningContainers } from "./pod-usage.ts";
import type { ContainerUsage } from "./pod-usage.ts";

export interface MetricsApiOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly seed: string;
  /** What a pod that runs for real uses; undefined for others. */
  readonly measure?: (pod: Pod) => readonly ContainerUsage[] | undefined;
}

export const METRICS_GROUP = "metrics.k8s.io";
export const METRICS_VERSION = "v1beta1";
const API_VERSION = `${METRICS_GROUP}/${METRICS_VERSION}`;
const SAMPLE_MS = 15_000;
const WINDOW = "15s";

/** What a node uses beside its pods: kubelet, container runtime, system daemons. */
const SYSTEM_USAGE = { cpu: 0.05, memory: 400 * 2 ** 20 };

export function metricsApi({ store, clock, seed, measure }: MetricsApiOptions): ApiService {
  const sampleTime = (): InstantMs => clock.now() - (clock.now() % SAMPLE_MS);
  // The store keeps objects of these kinds under these names.
  const listPods = (namespace?: string) =>
    store.list({ resource: "/pods", namespace }) as readonly Pod[];
  const listNodes = () => store.list({ resource: "/nodes" }) as readonly Node[];
  const isReporting = (node: string): boolean =>
    isHeard(
      store.get({
        resource: "coordination.k8s.io/leases",
        namespace: LEASE_NAMESPACE,
        name: node,
      }) as Lease | undefined,
    );
  const usageIn = (at: InstantMs): ((pod: Pod) => readonly ContainerUsage[]) => {
    const replicas = replicaCounter(listPods);
    return (pod) => measure?.(pod) ?? podUsage(pod, { instant: at, seed, replicasOf: replicas });
  };
  const podMetrics = (pods: readonly Pod[]): readonly KubernetesObject[] => {
    const at = sampleTime();
    const usage = usageIn(at);
    return pods
      .filter((pod) => isMeasured(pod, at) && isReporting(pod.spec.nodeName ?? ""))
      .map((pod) => podMetricsOf(pod, usage(pod), at));
  };
  const nodeMetrics = (nodes: readonly Node[]): readonly KubernetesObject[] => {
    const at = sampleTime();
    const usage = usageIn(at);
    const byNode = groupBy(listPods(), ({ spec }) => spec.nodeName ?? "");
    return nodes
      .filter(({ metadata }) => isReporting(metadata.name))
      .map((node) =>
        nodeMetricsOf(node, (byNode.get(node.metadata.name) ?? []).flatMap(usage), at),
      );
  };
  const read = (request: ApiServiceRequest): ApiServiceAnswer => {
    const { resource, verb, namespace, name } = request;
    if (request.subresource !== "") throw noSuchResource();
    if (resource === "pods") {
      if (verb === "list") {
        return list("PodMetricsList", podMetrics(select(listPods(namespace), request)));
      }
      const found = listPods(namespace).filter(({ metadata }) => metadata.name === name);
      if (found.length === 0) throw notFound("pods", "", name);
      const [metrics] = podMetrics(found);
      if (metrics === undefined) throw notFound("pods", METRICS_GROUP, `${namespace}/${name}`);
      return metrics;
    }
    if (resource !== "nodes") throw noSuchResource();
    if (verb === "list") return list("NodeMetricsList", nodeMetrics(select(listNodes(), request)));
    const found = listNodes().filter(({ metadata }) => metadata.name === name);
    if (found.length === 0) throw notFound("nodes", "", name);
    const [metrics] = nodeMetrics(found);
    if (metrics === undefined) throw notFound("nodes", METRICS_GROUP, name);
    return metrics;
  };
  return { group: METRICS_GROUP, version: METRICS_VERSION, resources: () => RESOURCES, read };
}

/** Counts running pods by controller when first asked, so that a list is walked once and not once a pod. */
function replicaCounter(listPods: () => readonly Pod[]): (owner: string) => number {
  let counts: Map<string, number> | undefined;
  return (owner) => {
    counts ??= countReplicas(listPods());
    return counts.get(owner) ?? 1;
  };
}

function countReplicas(pods: readonly Pod[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerUid(pod);
    if (owner === undefined || runningContainers(pod).length === 0) continue;
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return counts;
}

/** Two samples are needed to say what was used between them. */
function isMeasured(pod: Pod, at: InstantMs): boolean {
  const running = runningContainers(pod);
  if (running.length === 0 || pod.status?.phase !== "Running") return false;
  return running.every(({ status }) => {
    const startedAt = Date.parse(status.state?.running?.startedAt ?? "");
    return startedAt + SAMPLE_MS <= at;
  });
}

function podMetricsOf(
  { metadata }: Pod,
  usage: readonly ContainerUsage[],
  at: InstantMs,
): KubernetesObject {
  return {
    kind: "PodMetrics",
    apiVersion: API_VERSION,
    metadata: {
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      creationTimestamp: formatInstant(at),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
    },
    timestamp: formatInstant(at),
    window: WINDOW,
    containers: usage.map(({ name, ...used }) => ({ name, usage: quantities(used) })),
  };
}

function nodeMetricsOf(
  { metadata, status }: Node,
  usage: readonly ContainerUsage[],
  at: InstantMs,
): KubernetesObject {
  const total = (resource: "cpu" | "memory"): number => {
    const used = usage.reduce((sum, one) => sum + one[resource], SYSTEM_USAGE[resource]);
    return Math.min(used, amount(status?.capacity?.[resource]) ?? used);
  };
  return {
    kind: "NodeMetrics",
    apiVersion: API_VERSION,
    metadata: {
      name: metadata.name,
      creationTimestamp: formatInstant(at),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
    },
    timestamp: formatInstant(at),
    window: WINDOW,
    usage: quantities({ cpu: total("cpu"), memory: total("memory") }),
  };
}

/** CPU in billionths of a core, memory in bytes, as metrics-server writes them. */
function quantities({ cpu, memory }: { readonly cpu: number; readonly memory: number }) {
  return {
    cpu: formatQuantity({ nanos: BigInt(Math.round(cpu * 1e9)), format: "DecimalSI" }),
    memory: formatQuantity({
      nanos: BigInt(Math.round(memory)) * 1_000_000_000n,
      format: "BinarySI",
    }),
  };
}

function list(kind: string, items: readonly KubernetesObject[]): ApiServiceAnswer {
  return { kind, apiVersion: API_VERSION, metadata: {}, items };
}

function select<T extends KubernetesObject>(
  objects: readonly T[],
  { labelSelector = "", fieldSelector = "" }: ApiServiceRequest,
): readonly T[] {
  try {
    const labels = parseLabelSelector(labelSelector);
    const fields = parseFieldSelector(fieldSelector);
    return objects.filter(
      ({ metadata }) =>
        matchesLabels(labels, metadata.labels) &&
        matchesFields(fields, (field) => {
          if (field === "metadata.name") return metadata.name;
          if (field === "metadata.namespace") return metadata.namespace ?? "";
          throw new SelectorSyntaxError(`field label not supported: ${field}`);
        }),
    );
  } catch (error) {
    if (error instanceof SelectorSyntaxError) throw statusError("BadRequest", error.message);
    throw error;
  }
}

function noSuchResource(): Error {
  return statusError("NotFound", "the server could not find the requested resource", {});
}

function notFound(resource: string, group: string, name: string): Error {
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const details = { name, ...(group === "" ? {} : { group }), kind: resource };
  return statusError("NotFound", `${qualified} ${JSON.stringify(name)} not found`, details);
}

const USAGE_COLUMNS = ["cpu", "memory"].map((resource) => ({
  name: resource,
  type: "string",
  description: "",
  cell: (object: KubernetesObject) => usageCell(object, resource),
}));

function usageCell(object: KubernetesObject, resource: string): string {
  // Both kinds were made above.
  const { containers, usage } = object as unknown as {
    readonly containers?: readonly { readonly usage: Readonly<Record<string, string>> }[];
    readonly usage?: Readonly<Record<string, string>>;
  };
  const parts = containers?.map((container) => container.usage) ?? [usage ?? {}];
  const total = parts.reduce((sum, part) => sum + (amount(part[resource]) ?? 0), 0);
  const { cpu, memory } = quantities({ cpu: total, memory: total });
  return resource === "cpu" ? cpu : memory;
}

const WINDOW_COLUMN = {
  name: "Window",
  type: "string",
  description: "",
  cell: (object: KubernetesObject) => object["window"],
};

const RESOURCES: readonly ApiServiceResource[] = [
  {
    resource: "nodes",
    singular: "",
    kind: "NodeMetrics",
    namespaced: false,
    verbs: ["get", "list"],
    columns: [...USAGE_COLUMNS, WINDOW_COLUMN],
  },
  {
    resource: "pods",
    singular: "",
    kind: "PodMetrics",
    namespaced: true,
    verbs: ["get", "list"],
    columns: [...USAGE_COLUMNS, WINDOW_COLUMN],
  },
];

/** The object that switches the API on, as a cluster that comes with it has it. */
export function metricsApiService(): KubernetesObject {
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: {
      name: `${METRICS_VERSION}.${METRICS_GROUP}`,
      annotations: { "keelson.dev/agent": "simulated" },
    },
    spec: {
      group: METRICS_GROUP,
      version: METRICS_VERSION,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  };
}

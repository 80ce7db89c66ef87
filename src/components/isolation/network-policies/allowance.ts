// The two policies of a flow: what the destination lets in, and what the source lets out; without those that the network plugin
// narrows in words of its own.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { shortenName, SUBDOMAIN_MAX } from "../../../core/index.ts";
import type { Endpoint, Flow, Graph, PlannedCluster } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import { narrowingOf } from "../narrowed-flows.ts";
import { peersOf } from "./peer.ts";

/** A policy and the namespace whose pods it selects. */
export interface Allowance {
  readonly object: KubernetesObject;
  readonly comment: string;
}

/** None for an end that is not a pod of ours: NetworkPolicy cannot select it. */
export function allowancesOf(flow: Flow, cluster: PlannedCluster, graph: Graph): Allowance[] {
  const owned = namespacesUnderPolicy(cluster);
  const port = { protocol: flow.protocol, port: flow.port };
  const isLeft = (direction: "Ingress" | "Egress"): boolean =>
    narrowingOf(flow, direction, cluster, graph) === undefined;
  const into = selectedPods(flow.to, graph, isLeft("Ingress") ? owned : []).map(
    ({ namespace, labels }) =>
      policy(cluster, flow, flow.name, namespace, labels, "Ingress", {
        ingress: [{ from: peersOf(flow.from, cluster, graph), ports: [port] }],
      }),
  );
  const out = selectedPods(flow.from, graph, isLeft("Egress") ? owned : []).map(
    ({ namespace, labels }) =>
      policy(cluster, flow, `${flow.name}-egress`, namespace, labels, "Egress", {
        egress: [{ to: peersOf(flow.to, cluster, graph), ports: [port] }],
      }),
  );
  return [...into, ...out].map((object) => ({ object, comment: reasonOf(flow) }));
}

/** Namespaces whose traffic is refused by default. `kube-system` belongs to the distribution. */
export function namespacesUnderPolicy({ namespaces }: PlannedCluster): readonly string[] {
  return namespaces.filter(({ tenancy }) => tenancy !== "system").map(({ name }) => name);
}

export interface SelectedPods {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Of an end whose traffic policies decide; of any other end none. */
export function selectedPods(
  endpoint: Endpoint,
  graph: Graph,
  owned: readonly string[],
): SelectedPods[] {
  if (endpoint.kind === "every-workload") {
    return owned.map((namespace) => ({ namespace, labels: {} }));
  }
  if (endpoint.kind !== "workload" || !owned.includes(endpoint.namespace)) return [];
  const workload = graph.workload(endpoint.namespace, endpoint.name);
  // Pods on the node's network are outside every NetworkPolicy.
  if (workload === undefined || workload.hostNetwork === true) return [];
  return [{ namespace: endpoint.namespace, labels: workload.labels }];
}

function policy(
  { platform }: PlannedCluster,
  { purpose }: Flow,
  name: string,
  namespace: string,
  labels: Readonly<Record<string, string>>,
  type: "Ingress" | "Egress",
  rules: Fields,
): KubernetesObject {
  const everyPod = Object.keys(labels).length === 0;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: shortenName(name, SUBDOMAIN_MAX),
      namespace,
      labels: systemLabels(platform, "network-policies", purpose),
    },
    spec: {
      podSelector: everyPod ? {} : { matchLabels: labels },
      policyTypes: [type],
      ...rules,
    },
  };
}

/** `storefront → orders, postgresql on port 5432: apps.storefront.needs[0]`. */
export function reasonOf({ from, to, application, port, purpose }: Flow): string {
  return `${describe(from)} → ${describe(to)}: ${application} on port ${port} (${purpose})`;
}

function describe(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case "workload":
    case "external":
      return endpoint.name;
    case "every-workload":
      return "every pod";
    case "api-server":
      return "Kubernetes API";
    case "cluster-dns":
      return "cluster DNS";
    case "nodes":
      return "nodes";
    case "internet":
      return "internet";
  }
}

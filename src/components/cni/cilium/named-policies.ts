// CiliumNetworkPolicies for the flows of which a name or a request is known. Fields: cilium/cilium v1.20.1 pkg/k8s/apis/cilium.io/
// client/crds/v2/ciliumnetworkpolicies.yaml; toFQDNs works on what the agent's proxy saw being looked up, hence the rule for DNS.

import { shortenName, SUBDOMAIN_MAX } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  EmitContext,
  EmittedObject,
  Flow,
  Graph,
  PlannedCluster,
} from "../../../model/index.ts";
import { invariant } from "../../../core/index.ts";
import { narrowingOf, type Narrowing } from "../../isolation/narrowed-flows.ts";
import {
  namespacesUnderPolicy,
  reasonOf,
  selectedPods,
  type SelectedPods,
} from "../../isolation/network-policies/allowance.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import { readNamedPolicy } from "./read-policy.ts";

export const NAMED_POLICY = { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy" } as const;
/** In front of the namespace's own name, in selectors of pods elsewhere: pkg/k8s/apis/cilium.io/const.go PodNamespaceLabel. */
export const NAMESPACE_OF_POD = "k8s:io.kubernetes.pod.namespace";
const AREA = "infrastructure/security";
const DNS_NAMESPACE = "kube-system";

export function namedPolicies({ cluster, graph }: EmitContext): EmittedObject[] {
  const owned = namespacesUnderPolicy(cluster);
  return graph.flows.flatMap((flow) =>
    (["Ingress", "Egress"] as const).flatMap((direction) => {
      const narrowing = narrowingOf(flow, direction, cluster, graph);
      if (narrowing === undefined) return [];
      const own = direction === "Ingress" ? flow.to : flow.from;
      return selectedPods(own, graph, owned).map((pods): EmittedObject => {
        const object = policyOf(cluster, flow, pods, ruleOf(flow, narrowing, cluster, graph));
        const policy = readNamedPolicy(object, cluster);
        return { object, policy, area: AREA, path: flow.origin, comment: reasonOf(flow) };
      });
    }),
  );
}

function policyOf(
  { platform }: Pick<PlannedCluster, "platform">,
  { name, purpose }: Flow,
  { namespace, labels }: SelectedPods,
  rule: Fields,
): KubernetesObject {
  const isEgress = "egress" in rule;
  return {
    ...NAMED_POLICY,
    metadata: {
      name: shortenName(isEgress ? `${name}-egress` : name, SUBDOMAIN_MAX),
      namespace,
      labels: systemLabels(platform, "cilium", purpose),
    },
    spec: {
      endpointSelector: Object.keys(labels).length === 0 ? {} : { matchLabels: labels },
      ...rule,
    },
  };
}

function ruleOf(
  { from, port, protocol }: Flow,
  narrowing: Narrowing,
  { substrate }: Pick<PlannedCluster, "substrate">,
  graph: Graph,
): Fields {
  const ports = [{ port: String(port), protocol }];
  switch (narrowing.by) {
    case "name": {
      const { name } = narrowing;
      const fqdn = name.includes("*") ? { matchPattern: name } : { matchName: name };
      return { egress: [{ toFQDNs: [fqdn], toPorts: [{ ports }] }] };
    }
    case "lookup": {
      const toEndpoints = [podsIn(DNS_NAMESPACE, substrate.dnsLabels)];
      const rules = { dns: [{ matchPattern: "*" }] };
      return { egress: [{ toEndpoints, toPorts: [{ ports, rules }] }] };
    }
    case "request": {
      invariant(from.kind === "workload", "a request that is narrowed has a caller");
      const caller = graph.workload(from.namespace, from.name);
      const fromEndpoints = [podsIn(from.namespace, caller?.labels ?? {})];
      const rules = { http: [{ method: narrowing.method, path: escaped(narrowing.path) }] };
      return { ingress: [{ fromEndpoints, toPorts: [{ ports, rules }] }] };
    }
  }
}

const podsIn = (namespace: string, labels: Readonly<Record<string, string>>): Fields => ({
  matchLabels: { ...labels, [NAMESPACE_OF_POD]: namespace },
});

/** Paths are extended regular expressions, for the whole path. */
const escaped = (path: string): string => path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// What the operator and what it makes of an Installation look like from outside. Sources: projectcalico/calico v3.32
// charts/tigera-operator; tigera/operator pkg/render/{node,typha,kube-controllers,apiserver}.go; facts of ports: calico docs
// getting-started/kubernetes/requirements.

import type { Path } from "../../../core/index.ts";
import type {
  PlannedCluster,
  PlannedNamespace,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";

export const CHART = "tigera-operator";
export const NAME = "calico";
const OPERATOR_NAMESPACE = "tigera-operator";
const SYSTEM_NAMESPACE = "calico-system";
const FELIX_METRICS = 9091;
const TYPHA_PORT = 5473;
const API_PORT = 5443;

/** The chart states none: ours, for small clusters, to be raised by what is measured. */
export const RESOURCES = {
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { memory: "512Mi" },
} as const;

export function calicoSurface({ cluster, path }: SurfaceContext): Surface {
  return { workloads: workloadsOf(cluster, path), namespaces: namespacesOf(path) };
}

/** Most of it is on the nodes' network, which no policy governs; the rest is called by the API server and calls it. */
function namespacesOf(origin: Path): PlannedNamespace[] {
  return [OPERATOR_NAMESPACE, SYSTEM_NAMESPACE].map((name) => ({
    name,
    tenancy: "platform" as const,
    podSecurity: "privileged" as const,
    podSecurityReason: "the agents set up the network of their node, from its own namespaces",
    origin,
  }));
}

type Facts = Pick<PlannedCluster, "versions" | "nodes">;

function workloadsOf({ versions, nodes }: Facts, origin: Path): Workload[] {
  const count = nodes.reduce((sum, group) => sum + group.count, 0);
  const version = versions.chart(CHART).appVersion;
  const part = (
    name: string,
    more: Partial<Workload> & Pick<Workload, "kind" | "replicas">,
    ports: Readonly<Record<string, number>> = {},
  ): Workload =>
    systemWorkload({
      name,
      namespace: SYSTEM_NAMESPACE,
      labels: { "k8s-app": name },
      containers: [
        { name, image: `quay.io/calico/${name.replace("calico-", "")}:${version}`, ...RESOURCES },
      ],
      usesApi: true,
      component: NAME,
      origin,
      ...more,
      ports,
    });
  return [
    part(CHART, {
      kind: "Deployment",
      namespace: OPERATOR_NAMESPACE,
      replicas: 1,
      hostNetwork: true,
      containers: [{ name: CHART, image: versions.image("tigera-operator"), ...RESOURCES }],
    }),
    part(
      "calico-node",
      {
        kind: "DaemonSet",
        replicas: count,
        hostNetwork: true,
        metrics: { port: FELIX_METRICS, path: "/metrics" },
      },
      { metrics: FELIX_METRICS },
    ),
    part(
      "calico-typha",
      { kind: "Deployment", replicas: Math.min(3, count), hostNetwork: true },
      { typha: TYPHA_PORT },
    ),
    part("calico-kube-controllers", { kind: "Deployment", replicas: 1 }),
    part(
      "calico-apiserver",
      { kind: "Deployment", replicas: Math.min(2, count), webhookPort: API_PORT },
      { apiserver: API_PORT },
    ),
  ];
}

// What the cilium chart creates with the values of `values.ts`. Source: cilium/cilium install/kubernetes/cilium
// templates/{cilium-agent/daemonset,cilium-operator/deployment}.yaml; ports: docs.cilium.io "System Requirements". All of it is on
// the nodes' network, which no policy governs.

import type { PlannedCluster, Surface, SurfaceContext, Workload } from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";

export const CHART = "cilium";
export const NAME = "cilium";
/** Where its own command line looks. */
export const NAMESPACE = "kube-system";
export const AGENT_METRICS = 9962;
export const OPERATOR_METRICS = 9963;

/** The chart states none: ours, for small clusters, to be raised by what is measured. */
export const AGENT_RESOURCES = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { memory: "1Gi" },
} as const;
export const OPERATOR_RESOURCES = {
  requests: { cpu: "20m", memory: "96Mi" },
  limits: { memory: "256Mi" },
} as const;

export const operatorsOf = ({ nodes }: Pick<PlannedCluster, "nodes">): number =>
  Math.min(2, nodeCount({ nodes }));

const nodeCount = ({ nodes }: Pick<PlannedCluster, "nodes">): number =>
  nodes.reduce((sum, { count }) => sum + count, 0);

export function ciliumSurface({ cluster, path }: SurfaceContext): Surface {
  const version = cluster.versions.chart(CHART).appVersion;
  const part = (
    more: Pick<Workload, "kind" | "name" | "labels" | "containers" | "replicas">,
    port: number,
  ): Workload =>
    systemWorkload({
      namespace: NAMESPACE,
      usesApi: true,
      hostNetwork: true,
      ports: { prometheus: port },
      metrics: { port, path: "/metrics" },
      component: NAME,
      origin: path,
      ...more,
    });
  return {
    workloads: [
      part(
        {
          kind: "DaemonSet",
          name: NAME,
          labels: { "k8s-app": "cilium" },
          replicas: nodeCount(cluster),
          containers: [
            {
              name: "cilium-agent",
              image: `quay.io/cilium/cilium:v${version}`,
              ...AGENT_RESOURCES,
            },
          ],
        },
        AGENT_METRICS,
      ),
      part(
        {
          kind: "Deployment",
          name: "cilium-operator",
          labels: { "io.cilium/app": "operator", name: "cilium-operator" },
          replicas: operatorsOf(cluster),
          containers: [
            {
              name: "cilium-operator",
              image: `quay.io/cilium/operator-generic:v${version}`,
              ...OPERATOR_RESOURCES,
            },
          ],
        },
        OPERATOR_METRICS,
      ),
    ],
    namespaces: [{ name: NAMESPACE, tenancy: "system", podSecurity: "privileged", origin: path }],
  };
}

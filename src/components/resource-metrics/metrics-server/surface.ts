// What the metrics-server chart creates. Source: kubernetes-sigs/metrics-server charts/metrics-server 3.13.1, values.yaml and
// templates/{deployment,service,apiservice}.yaml.

import type { Path } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  Flow,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import type { MetricsServerOptions } from "./options.ts";

export const CHART = "metrics-server";
export const RELEASE = "metrics-server";
/** Like every distribution that brings it: the API server must find it whatever happens to other namespaces. */
export const NAMESPACE = "kube-system";

const PORT = 10_250;
const KUBELET_PORT = 10_250;

export function metricsServerSurface(
  { cluster, path }: SurfaceContext,
  options: MetricsServerOptions,
): Surface {
  if (cluster.substrate.metricsApi) return {};
  return {
    workloads: [workload(cluster, path, options)],
    namespaces: [{ name: NAMESPACE, tenancy: "system", podSecurity: "privileged", origin: path }],
    flows: [kubeletFlow(path)],
    objects: [apiService()],
  };
}

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

function workload(
  cluster: Pick<PlannedCluster, "scale" | "versions">,
  origin: Path,
  { resources }: MetricsServerOptions,
): Workload {
  const { appVersion } = cluster.versions.chart(CHART);
  return {
    kind: "Deployment",
    name: RELEASE,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": CHART, "app.kubernetes.io/instance": RELEASE },
    serviceAccount: RELEASE,
    replicas: replicasOf(cluster),
    ports: [{ name: "https", port: PORT, protocol: "TCP" }],
    services: [
      {
        name: RELEASE,
        type: "ClusterIP",
        ports: [{ name: "https", port: 443, targetPort: PORT }],
      },
    ],
    containers: [
      {
        name: "metrics-server",
        image: `registry.k8s.io/metrics-server/metrics-server:v${appVersion}`,
        ...resources,
      },
    ],
    usesApi: true,
    // The aggregation layer is the API server calling a Service, as a webhook is.
    webhookPort: PORT,
    metrics: { port: PORT, path: "/metrics", scheme: "https" },
    component: CHART,
    origin,
  };
}

function kubeletFlow(origin: Path): Flow {
  return {
    name: "metrics-server-to-kubelets",
    from: { kind: "workload", namespace: NAMESPACE, name: RELEASE },
    to: { kind: "nodes" },
    port: KUBELET_PORT,
    protocol: "TCP",
    purpose: "internal",
    application: "https",
    encryption: "tls",
    origin,
  };
}

function apiService(): KubernetesObject {
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.metrics.k8s.io" },
    spec: {
      group: "metrics.k8s.io",
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name: RELEASE, namespace: NAMESPACE, port: 443 },
    },
  };
}

// What the falco chart creates with the values of `values.ts`. Source: falcosecurity/charts charts/falco
// {values.yaml,templates/pod-template.tpl,templates/daemonset.yaml}.

import type { Surface, SurfaceContext } from "../../../model/index.ts";

export const CHART = "falco";
export const RELEASE = "falco";
export const NAMESPACE = "falco";

const WEB_PORT = 8765;

/** The chart's own. */
export const RESOURCES = {
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "1000m", memory: "1024Mi" },
} as const;

export function falcoSurface({ cluster, path }: SurfaceContext): Surface {
  const image = `docker.io/falcosecurity/falco:${cluster.versions.chart(CHART).appVersion}`;
  return {
    workloads: [
      {
        kind: "DaemonSet",
        name: RELEASE,
        namespace: NAMESPACE,
        labels: { "app.kubernetes.io/name": CHART, "app.kubernetes.io/instance": RELEASE },
        serviceAccount: RELEASE,
        replicas: cluster.nodes.reduce((sum, { count }) => sum + count, 0),
        ports: [{ name: "web", port: WEB_PORT, protocol: "TCP" }],
        services: [],
        containers: [{ name: CHART, image, ...RESOURCES }],
        usesApi: false,
        metrics: { port: WEB_PORT, path: "/metrics" },
        component: CHART,
        origin: path,
      },
    ],
    namespaces: [
      {
        name: NAMESPACE,
        tenancy: "platform",
        podSecurity: "privileged",
        podSecurityReason:
          "the probe is loaded into the node's kernel, and the node's own folders say which container is which",
        origin: path,
      },
    ],
    flows: [
      {
        // Addresses of a registry change; the rules' artifacts are fetched once, when a pod starts.
        name: "falco-to-rules",
        from: { kind: "workload", namespace: NAMESPACE, name: RELEASE },
        to: { kind: "external", name: "ghcr.io", addresses: [] },
        port: 443,
        protocol: "TCP",
        purpose: "internal",
        application: "https",
        encryption: "tls",
        origin: path,
      },
    ],
  };
}

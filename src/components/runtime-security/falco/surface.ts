// What the falco chart creates with the values of `values.ts`. Source: falcosecurity/charts charts/falco
// {values.yaml,templates/pod-template.tpl,templates/daemonset.yaml} 9.1.0, and charts/falcosidekick 0.12.1 {values.yaml,
// templates/{deployment,service,_helpers}}, the newest that 9.1.0 takes ("0.12.*").

import type {
  Offer,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { flowToOffer, systemWorkload } from "../../manifests/index.ts";

export const CHART = "falco";
export const RELEASE = "falco";
export const NAMESPACE = "falco";

const WEB_PORT = 8765;

/** The chart's own. */
export const RESOURCES = {
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "1000m", memory: "1024Mi" },
} as const;

/** image.tag of the dependency's values, which is not its appVersion; it states no resources. */
const FORWARDER_IMAGE = "docker.io/falcosecurity/falcosidekick:2.32.0";
export const FORWARDER = `${RELEASE}-falcosidekick`;
const FORWARDER_PORT = 2801;
export const FORWARDER_RESOURCES = {
  requests: { cpu: "20m", memory: "32Mi" },
  limits: { memory: "128Mi" },
} as const;

/** Who routes alerts to people, where somebody does. */
export function alertSink({ offers }: Pick<PlannedCluster, "offers">): Offer | undefined {
  return offers.find(({ capability, form }) => capability === "alertSink" && form === SINK_FORM);
}

const SINK_FORM = "alertmanager";

export const forwardersOf = ({ scale }: Pick<PlannedCluster, "scale">): number =>
  scale === "single" ? 1 : 2;

export function falcoSurface(context: SurfaceContext): Surface {
  const own = watchers(context);
  const sink = alertSink(context.cluster);
  if (sink === undefined) return own;
  const forwarder = forwarderOf(context);
  return {
    ...own,
    workloads: [...(own.workloads ?? []), forwarder],
    flows: [
      ...(own.flows ?? []),
      {
        name: "falco-to-falcosidekick",
        from: { kind: "workload", namespace: NAMESPACE, name: RELEASE },
        to: { kind: "workload", namespace: NAMESPACE, name: FORWARDER },
        port: FORWARDER_PORT,
        protocol: "TCP",
        purpose: "internal",
        application: "http",
        encryption: "none",
        origin: context.path,
      },
      flowToOffer(forwarder, sink, context.path),
    ],
  };
}

function forwarderOf({ cluster, path }: SurfaceContext): Workload {
  return systemWorkload({
    name: FORWARDER,
    namespace: NAMESPACE,
    labels: {
      "app.kubernetes.io/name": "falcosidekick",
      "app.kubernetes.io/instance": RELEASE,
      // Its user interface bears the other two as well.
      "app.kubernetes.io/component": "core",
    },
    replicas: forwardersOf(cluster),
    ports: { http: FORWARDER_PORT },
    services: [
      {
        name: FORWARDER,
        type: "ClusterIP",
        ports: [{ name: "http", port: FORWARDER_PORT, targetPort: FORWARDER_PORT }],
      },
    ],
    containers: [{ name: "falcosidekick", image: FORWARDER_IMAGE, ...FORWARDER_RESOURCES }],
    usesApi: false,
    metrics: { port: FORWARDER_PORT, path: "/metrics" },
    component: CHART,
    origin: path,
  });
}

function watchers({ cluster, path }: SurfaceContext): Surface {
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

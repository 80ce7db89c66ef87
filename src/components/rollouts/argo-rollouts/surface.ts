// What the chart creates. Source: argoproj/argo-helm argo-rollouts-2.41.0 charts/argo-rollouts/{values.yaml,templates/controller}.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  OwnedField,
  PlannedCluster,
  Surface,
  SurfaceContext,
  TrafficSplitForm,
  Workload,
} from "../../../model/index.ts";
import type { ArgoRolloutsOptions } from "./options.ts";
import { HASH_LABEL, releasedApps, ROLLOUT, type Released } from "./released.ts";

export const CHART = "argo-rollouts";
/** Equal to the chart's name, so that the chart uses it unchanged. */
export const RELEASE = "argo-rollouts";
export const NAMESPACE = "argo-rollouts";
const METRICS_PORT = 8090;
const HEALTH_PORT = 8080;

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export function argoRolloutsSurface(
  { cluster, path }: SurfaceContext,
  options: ArgoRolloutsOptions,
): Surface {
  const released = releasedApps(cluster);
  return {
    workloads: [controller(cluster, options, path)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [
      ...released.flatMap((one) => checkFlow(one, path)),
      ...queryFlows(cluster, released, path),
    ],
    ownedFields: released.flatMap(ownedFields),
  };
}

function controller(
  { scale, versions }: Pick<PlannedCluster, "scale" | "versions">,
  { resources }: ArgoRolloutsOptions,
  origin: Path,
): Workload {
  const tag = versions.chart(CHART).appVersion;
  return {
    kind: "Deployment",
    name: RELEASE,
    namespace: NAMESPACE,
    labels: {
      "app.kubernetes.io/name": CHART,
      "app.kubernetes.io/instance": RELEASE,
      "app.kubernetes.io/component": "rollouts-controller",
    },
    serviceAccount: RELEASE,
    replicas: replicasOf({ scale }),
    ports: [
      { name: "metrics", port: METRICS_PORT, protocol: "TCP" },
      { name: "healthz", port: HEALTH_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: `${RELEASE}-metrics`,
        type: "ClusterIP",
        ports: [{ name: "metrics", port: METRICS_PORT, targetPort: METRICS_PORT }],
      },
    ],
    containers: [{ name: CHART, image: `quay.io/argoproj/argo-rollouts:${tag}`, ...resources }],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: CHART,
    origin,
  };
}

const CONTROLLER = { kind: "workload", namespace: NAMESPACE, name: RELEASE } as const;

/** An analysis that asks the new version itself. */
function checkFlow({ app, release }: Released, origin: Path): Flow[] {
  if (release.analysis?.path === undefined || app.port === undefined) return [];
  const { name, namespace, port } = app;
  return [
    {
      name: `${RELEASE}-to-${namespace}-${name}`,
      from: CONTROLLER,
      to: { kind: "workload", namespace, name },
      port,
      protocol: "TCP",
      purpose: "app",
      application: "http",
      encryption: "none",
      origin,
    },
  ];
}

function queryFlows(
  { offers }: SurfaceContext["cluster"],
  released: readonly Released[],
  origin: Path,
): Flow[] {
  const offer = offers.find(({ capability }) => capability === "metricsQuery");
  const asks = released.some(({ release: { analysis } }) => asksMetrics(analysis));
  if (offer === undefined || !asks) return [];
  return [
    {
      name: `${RELEASE}-to-metrics`,
      from: CONTROLLER,
      to: offer.endpoint,
      port: offer.port,
      protocol: "TCP",
      purpose: "internal",
      application: "http",
      encryption: "none",
      origin,
    },
  ];
}

function asksMetrics(analysis: Released["release"]["analysis"]): boolean {
  return analysis?.errorRate !== undefined || analysis?.latencyMs !== undefined;
}

/** Replicas of what the Rollout refers to, hashes in selectors, weights of routes, and replicas an autoscaler sets. */
function ownedFields({ app, candidate }: Released): OwnedField[] {
  const { name, namespace, split } = app;
  const selector = ["spec", "selector", HASH_LABEL];
  const service = { apiVersion: "v1", kind: "Service", namespace, field: selector };
  const replicas = ["spec", "replicas"];
  return [
    { apiVersion: "apps/v1", kind: "Deployment", namespace, name, field: replicas },
    ...(app.scale === undefined ? [] : [{ ...ROLLOUT, namespace, name, field: replicas }]),
    { ...service, name },
    { ...service, name: candidate },
    ...(split === undefined
      ? []
      : split.objects.flatMap((one) => weights(split.form, namespace, one))),
  ];
}

function weights(form: TrafficSplitForm, namespace: string, name: string): OwnedField[] {
  switch (form) {
    case "http-route":
      return [
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "HTTPRoute",
          namespace,
          name,
          field: ["spec", "rules", "*", "backendRefs", "*", "weight"],
        },
      ];
    case "virtual-service":
      return [
        {
          apiVersion: "networking.istio.io/v1",
          kind: "VirtualService",
          namespace,
          name,
          field: ["spec", "http", "*", "route", "*", "weight"],
        },
      ];
    // A second Ingress is the controller's own.
    case "canary-ingress":
      return [];
  }
}

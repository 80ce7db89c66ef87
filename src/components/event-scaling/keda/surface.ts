// What the KEDA chart creates. Source: kedacore/charts keda 2.20.2, values.yaml and
// templates/{manager,metrics-server,webhooks}/deployment.yaml.

import type { Path } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  Flow,
  OwnedField,
  PlannedApp,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { flowToOffer, systemWorkload } from "../../manifests/index.ts";
import { readIntents } from "./triggers.ts";
import type { KedaOptions } from "./options.ts";

export const CHART = "keda";
export const NAMESPACE = "keda";
export const OPERATOR = "keda-operator";
const ADAPTER = `${OPERATOR}-metrics-apiserver`;
const WEBHOOKS = "keda-admission-webhooks";
const METRICS_PORT = 8080;
/** Over which the adapter asks the operator for values. */
const VALUES_PORT = 9666;
const API_PORT = 6443;
const WEBHOOK_PORT = 9443;

export type SignalledApp = PlannedApp & { readonly scale: NonNullable<PlannedApp["scale"]> };

/** Apps that scale by more than CPU and memory. */
export function signalledApps({ apps }: Pick<PlannedCluster, "apps">): SignalledApp[] {
  return apps.filter((app): app is SignalledApp => app.scale?.signals !== undefined);
}

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export function kedaSurface({ cluster, path }: SurfaceContext, options: KedaOptions): Surface {
  return {
    workloads: [
      part(cluster, path, options, OPERATOR, { metricsservice: VALUES_PORT }),
      {
        ...part(cluster, path, options, ADAPTER, { https: API_PORT }),
        serviceAccount: "keda-metrics-server",
        webhookPort: API_PORT,
      },
      {
        ...part(cluster, path, options, WEBHOOKS, { http: WEBHOOK_PORT }),
        serviceAccount: "keda-webhook",
        webhookPort: WEBHOOK_PORT,
      },
    ],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [valuesFlow(path), ...queryFlows(cluster, path), ...intentFlows(cluster)],
    ownedFields: signalledApps(cluster).map(ownedReplicas),
    objects: [apiService()],
  };
}

const IMAGES: Readonly<Record<string, string>> = {
  [OPERATOR]: "keda",
  [ADAPTER]: "keda-metrics-apiserver",
  [WEBHOOKS]: "keda-admission-webhooks",
};

function part(
  cluster: Pick<PlannedCluster, "scale" | "versions">,
  origin: Path,
  { resources }: KedaOptions,
  name: string,
  ports: Readonly<Record<string, number>>,
): Workload {
  const [[port, number] = ["", 0]] = Object.entries(ports);
  const { appVersion } = cluster.versions.chart(CHART);
  return systemWorkload({
    name,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": CHART },
    replicas: replicasOf(cluster),
    ports: { ...ports, metrics: METRICS_PORT },
    services: [
      {
        name,
        type: "ClusterIP",
        ports: [{ name: port, port: number === VALUES_PORT ? number : 443, targetPort: number }],
      },
    ],
    containers: [{ name, image: `ghcr.io/kedacore/${IMAGES[name]}:${appVersion}`, ...resources }],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: CHART,
    origin,
  });
}

function valuesFlow(origin: Path): Flow {
  return {
    name: "keda-values",
    from: { kind: "workload", namespace: NAMESPACE, name: ADAPTER },
    to: { kind: "workload", namespace: NAMESPACE, name: OPERATOR },
    port: VALUES_PORT,
    protocol: "TCP",
    purpose: "internal",
    application: "grpc",
    encryption: "mtls",
    origin,
  };
}

function queryFlows(cluster: SurfaceContext["cluster"], origin: Path): Flow[] {
  const offer = cluster.offers.find(({ capability }) => capability === "metricsQuery");
  const asks = signalledApps(cluster).some(({ scale }) =>
    scale.signals?.some(({ kind }) => kind === "metric"),
  );
  if (offer === undefined || !asks) return [];
  return [flowToOffer({ namespace: NAMESPACE, name: OPERATOR }, offer, origin)];
}

/** The operator looks into queues and caches itself. */
function intentFlows(cluster: SurfaceContext["cluster"]): Flow[] {
  const read = signalledApps(cluster).flatMap((app) =>
    readIntents(app).map((binding) => ({ binding, origin: [...app.origin, "scale", "signals"] })),
  );
  const flows = read.map(({ binding, origin }): Flow => ({
    name: `${OPERATOR}-to-${binding.intent.kind}-${binding.intent.name}`,
    from: { kind: "workload", namespace: NAMESPACE, name: OPERATOR },
    to: binding.endpoint,
    port: binding.port,
    protocol: "TCP",
    purpose: "internal",
    application: binding.application,
    encryption: binding.encryption,
    origin,
  }));
  return [...new Map(flows.map((flow) => [flow.name, flow])).values()];
}

/** Which autoscalers read; only one server may own it. */
function apiService(): KubernetesObject {
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.external.metrics.k8s.io" },
    spec: {
      group: "external.metrics.k8s.io",
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { name: ADAPTER, namespace: NAMESPACE, port: 443 },
    },
  };
}

function ownedReplicas({ namespace, name }: SignalledApp): OwnedField {
  const field = ["spec", "replicas"];
  return { apiVersion: "apps/v1", kind: "Deployment", namespace, name, field };
}

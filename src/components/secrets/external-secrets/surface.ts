// What the external-secrets chart creates with the values of `values.ts`. Source: external-secrets/external-secrets 2.9.0
// deploy/charts/external-secrets/{values.yaml,templates/{deployment,webhook-deployment,webhook-service,cert-controller-deployment}.yaml}.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { flowToOffer } from "../../manifests/index.ts";
import type { ExternalSecretsOptions } from "./options.ts";
import { serverBeside } from "./server-beside.ts";

export const CHART = "external-secrets";
export const RELEASE = "external-secrets";
export const NAMESPACE = "external-secrets";

/** Not the chart's 10250: that is the kubelets', which collectors of metrics may reach on every node. */
export const WEBHOOK_PORT = 9443;
const METRICS_PORT = 8080;

/** The chart states none. */
export const RESOURCES = {
  requests: { cpu: "20m", memory: "96Mi" },
  limits: { memory: "256Mi" },
} as const;

type Facts = Pick<PlannedCluster, "versions" | "scale">;

export const replicasOf = ({ scale }: Pick<PlannedCluster, "scale">): number =>
  scale === "single" ? 1 : 2;

export function externalSecretsSurface(
  { cluster, path }: SurfaceContext,
  options: ExternalSecretsOptions,
): Surface {
  return {
    workloads: [
      { ...part(cluster, RELEASE, RELEASE, path), replicas: replicasOf(cluster) },
      webhook(cluster, path),
      part(cluster, `${RELEASE}-cert-controller`, "cert-controller", path),
    ],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: storeFlow(options, cluster.offers, path),
  };
}

function part({ versions }: Facts, name: string, container: string, origin: Path): Workload {
  const image = `ghcr.io/external-secrets/external-secrets:${versions.chart(CHART).appVersion}`;
  return {
    kind: "Deployment",
    name,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": RELEASE },
    serviceAccount: name,
    replicas: 1,
    ports: [{ name: "metrics", port: METRICS_PORT, protocol: "TCP" }],
    services: [],
    containers: [{ name: container, image, ...RESOURCES }],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: "external-secrets",
    origin,
  };
}

function webhook(cluster: Facts, origin: Path): Workload {
  const name = `${RELEASE}-webhook`;
  const own = part(cluster, name, "webhook", origin);
  return {
    ...own,
    replicas: replicasOf(cluster),
    ports: [...own.ports, { name: "webhook", port: WEBHOOK_PORT, protocol: "TCP" }],
    services: [
      {
        name,
        type: "ClusterIP",
        ports: [{ name: "webhook", port: 443, targetPort: WEBHOOK_PORT }],
      },
    ],
    webhookPort: WEBHOOK_PORT,
  };
}

/** Addresses of a store change: the flow is to any address, at its port. */
function storeFlow(
  options: ExternalSecretsOptions,
  offers: PlannedCluster["offers"],
  origin: Path,
): Flow[] {
  const { vault, aws } = options;
  const beside = serverBeside(options, offers);
  if (beside !== undefined) {
    const flow = flowToOffer({ namespace: NAMESPACE, name: RELEASE }, beside, origin);
    return [{ ...flow, encryption: beside.authority === undefined ? "none" : "tls" }];
  }
  const hosts = [
    ...(vault?.address === undefined ? [] : [new URL(vault.address)]),
    ...(aws === undefined ? [] : [new URL(`https://secretsmanager.${aws.region}.amazonaws.com`)]),
  ];
  return hosts.map(({ hostname, port, protocol }) => {
    const tls = protocol === "https:";
    return {
      name: "external-secrets-to-store",
      from: { kind: "workload", namespace: NAMESPACE, name: RELEASE },
      to: { kind: "external", name: hostname, addresses: [] },
      port: port === "" ? (tls ? 443 : 80) : Number(port),
      protocol: "TCP",
      purpose: "internal",
      application: tls ? "https" : "http",
      encryption: tls ? "tls" : "none",
      origin,
    };
  });
}

// What the cert-manager chart creates with the values of `values.ts`, and the pods that answer HTTP challenges. Source:
// cert-manager/cert-manager v1.21 deploy/charts/cert-manager/{values.yaml,templates}, pkg/issuer/acme/http/pod.go.

import type { Path } from "../../../core/index.ts";
import type {
  CertificateDemand,
  Flow,
  PlannedCluster,
  SecretDemand,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import { trustManager } from "../trust-manager/surface.ts";
import { certificateAlerts } from "./alerts.ts";
import type { CertManagerOptions, Issuer } from "./options.ts";

export const CHART = "cert-manager";
export const COMPONENT = "cert-manager";
export const RELEASE = "cert-manager";
export const NAMESPACE = "cert-manager";
export const AREA = "infrastructure/networking";
export const DNS_SECRET = "dns-credentials";

const METRICS = { port: 9402, path: "/metrics" } as const;
/** Not the chart's 10250: that is the kubelet's, and where pods have addresses of the nodes' network both would be one hole. */
export const WEBHOOK_PORT = 10_260;
/** acmeSolverListenPort of pkg/issuer/acme/http/solver. */
const SOLVER_PORT = 8089;
const SOLVER = "cm-acme-http-solver";

export const RESOURCES = {
  controller: {
    requests: { cpu: "50m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "512Mi" },
  },
  webhook: {
    requests: { cpu: "20m", memory: "64Mi" },
    limits: { cpu: "200m", memory: "128Mi" },
  },
  cainjector: {
    requests: { cpu: "20m", memory: "128Mi" },
    limits: { cpu: "200m", memory: "512Mi" },
  },
  /** ACMEHTTP01SolverResource… of internal/apis/config/controller/v1alpha1/defaults.go. */
  solver: {
    requests: { cpu: "10m", memory: "64Mi" },
    limits: { cpu: "100m", memory: "64Mi" },
  },
} as const;

/** As the chart's own notes say for production. */
export function replicasOf({ scale }: Pick<PlannedCluster, "scale">) {
  return scale === "single"
    ? { controller: 1, webhook: 1, cainjector: 1 }
    : { controller: 2, webhook: 3, cainjector: 2 };
}

export function asksByHttp(issuer: Issuer): boolean {
  return issuer.kind === "acme" && issuer.solver.kind === "http01";
}

export function certManagerSurface(
  { cluster, path }: SurfaceContext,
  { issuer }: CertManagerOptions,
): Surface {
  const asked = asksByHttp(issuer) ? cluster.certificates : [];
  return {
    workloads: [
      ...controllers(cluster, path),
      ...(cluster.authorities.length === 0
        ? []
        : [trustManager(cluster, { namespace: NAMESPACE, component: COMPONENT, origin: path })]),
      ...asked.map((one) => solver(cluster, one)),
    ],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [...authorityFlows(issuer, path), ...asked.flatMap((one) => challengeFlows(one, path))],
    secrets: dnsCredentials(issuer, path),
    alerts: certificateAlerts(path),
  };
}

type Cluster = Pick<PlannedCluster, "scale" | "versions">;

function controllers(cluster: Cluster, origin: Path): Workload[] {
  const replicas = replicasOf(cluster);
  const common = { namespace: NAMESPACE, usesApi: true, metrics: METRICS, component: COMPONENT };
  const part = (name: string, role: keyof typeof replicas, image: string) => ({
    ...common,
    name,
    labels: {
      "app.kubernetes.io/name": role === "controller" ? CHART : role,
      "app.kubernetes.io/instance": RELEASE,
      "app.kubernetes.io/component": role,
    },
    replicas: replicas[role],
    containers: [
      { name: `cert-manager-${role}`, image: imageOf(cluster, image), ...RESOURCES[role] },
    ],
    origin,
  });
  return [
    systemWorkload({
      ...part(RELEASE, "controller", "controller"),
      ports: { "http-metrics": METRICS.port, "http-healthz": 9403 },
    }),
    systemWorkload({
      ...part(`${RELEASE}-webhook`, "webhook", "webhook"),
      ports: { https: WEBHOOK_PORT, healthcheck: 6080, "http-metrics": METRICS.port },
      services: [
        {
          name: `${RELEASE}-webhook`,
          type: "ClusterIP",
          ports: [{ name: "https", port: 443, targetPort: WEBHOOK_PORT }],
        },
      ],
      webhookPort: WEBHOOK_PORT,
    }),
    systemWorkload({
      ...part(`${RELEASE}-cainjector`, "cainjector", "cainjector"),
      ports: { "http-metrics": METRICS.port },
    }),
  ];
}

function imageOf({ versions }: Cluster, part: string): string {
  return `quay.io/jetstack/cert-manager-${part}:${versions.chart(CHART).appVersion}`;
}

/** None most of the time: a pod comes with a challenge and goes with it. */
function solver(cluster: Cluster, { namespace, origin }: CertificateDemand): Workload {
  return systemWorkload({
    name: SOLVER,
    namespace,
    labels: { "acme.cert-manager.io/http01-solver": "true" },
    serviceAccount: "default",
    replicas: 0,
    ports: { http: SOLVER_PORT },
    containers: [
      { name: "acmesolver", image: imageOf(cluster, "acmesolver"), ...RESOURCES.solver },
    ],
    component: COMPONENT,
    origin,
  });
}

const CONTROLLER = { kind: "workload", namespace: NAMESPACE, name: RELEASE } as const;

/** Addresses of a public authority and of DNS providers change. */
function authorityFlows(issuer: Issuer, origin: Path): Flow[] {
  if (issuer.kind !== "acme") return [];
  const { solver: by } = issuer;
  const hosts = {
    authority: new URL(issuer.server).hostname,
    ...(by.kind === "cloudflare" ? { dns: "api.cloudflare.com" } : {}),
    ...(by.kind === "route53" ? { dns: "route53.amazonaws.com" } : {}),
  };
  return Object.entries(hosts).map(([what, host]) => ({
    name: `cert-manager-to-${what}`,
    from: CONTROLLER,
    to: { kind: "external", name: host, addresses: [] },
    port: 443,
    protocol: "TCP",
    purpose: "internal",
    application: "https",
    encryption: "tls",
    origin,
  }));
}

/** The controller asks itself first, as the authority will: by the public name, which the cluster may answer by a short cut. */
function challengeFlows(
  { namespace, domain, challenges }: CertificateDemand,
  origin: Path,
): Flow[] {
  const { proxy, port } = challenges;
  const common = {
    protocol: "TCP",
    purpose: "internal",
    application: "http",
    encryption: "none",
    origin,
  } as const;
  return [
    {
      ...common,
      name: `${proxy.name}-to-${SOLVER}`,
      from: proxy,
      to: { kind: "workload", namespace, name: SOLVER },
      port: SOLVER_PORT,
    },
    { ...common, name: `cert-manager-to-${proxy.name}`, from: CONTROLLER, to: proxy, port },
    {
      ...common,
      name: "cert-manager-to-own-names",
      from: CONTROLLER,
      to: { kind: "external", name: domain, addresses: [] },
      port: 80,
    },
  ];
}

const CREDENTIALS = {
  cloudflare: { "api-token": "Cloudflare API token that may edit the DNS of the platform's zone" },
  route53: {
    "access-key-id": "AWS access key that may change the records of the platform's zone",
    "secret-access-key": "secret access key that belongs to it",
  },
} as const;

function dnsCredentials(issuer: Issuer, origin: Path): SecretDemand[] {
  if (issuer.kind !== "acme" || issuer.solver.kind === "http01") return [];
  const keys = Object.entries(CREDENTIALS[issuer.solver.kind]);
  return [
    {
      id: "certificates.dns",
      name: DNS_SECRET,
      type: "Opaque",
      namespaces: [NAMESPACE],
      keys: keys.map(([key, description]) => ({ key, source: "person", description })),
      area: AREA,
      origin,
    },
  ];
}

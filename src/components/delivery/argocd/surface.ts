// What the argo-cd chart creates, as others see it: names, labels, ports and ServiceAccounts of chart 10.1.1 with the
// values of `values.ts`. Source: argoproj/argo-helm charts/argo-cd/{values.yaml,templates} @af0a9310.

import type { Path } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  PlannedCluster,
  Surface,
  SurfaceContext,
  Versions,
  Workload,
  WorkloadContainer,
} from "../../../model/index.ts";
import { NO_CREDENTIAL_ANNOTATION } from "../../../model/index.ts";
import { argocdFlows } from "./flows.ts";
import { HEALTH_SCRIPT, HEALTH_SETTING } from "./gate.ts";
import { signInFlow } from "./sign-in.ts";
import { replicasOf, RESOURCES } from "./sizes.ts";
import type { ArgocdOptions } from "./options.ts";
import { webhookKey } from "./webhook-keys.ts";

export const ARGOCD_NAMESPACE = "argocd";
export const CHART = "argo-cd";
/** Contains "argocd", so that the chart uses it unchanged as the prefix of every name. */
export const RELEASE = "argocd";

export const SERVER_PORT = 8080;
export const REPO_SERVER_PORT = 8081;
export const REDIS_PORT = 6379;

export function argocdSurface({ cluster, path }: SurfaceContext, options: ArgocdOptions): Surface {
  if (!cluster.primary) return {};
  return {
    workloads: argocdWorkloads(cluster, path),
    namespaces: [
      { name: ARGOCD_NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path },
    ],
    objects: [settings(), ...secretSettings(options)],
    flows: [...argocdFlows(options, cluster.peers, path), ...signInFlow(options, cluster, path)],
  };
}

/** What of argocd-cm its controller's sync depends on: charts/argo-cd/templates/argocd-configs/argocd-cm.yaml. */
function settings(): KubernetesObject {
  const name = "argocd-cm";
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name,
      namespace: ARGOCD_NAMESPACE,
      labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd" },
    },
    data: { [HEALTH_SETTING]: HEALTH_SCRIPT },
  };
}

/** Where it finds what a git host signs with, and no secret itself: templates/argocd-configs/argocd-secret.yaml. */
function secretSettings({ webhook }: ArgocdOptions): KubernetesObject[] {
  if (webhook === undefined) return [];
  const key = webhookKey(webhook.host);
  const metadata = {
    name: "argocd-secret",
    namespace: ARGOCD_NAMESPACE,
    labels: { "app.kubernetes.io/name": "argocd-secret", "app.kubernetes.io/part-of": "argocd" },
    annotations: { [NO_CREDENTIAL_ANNOTATION]: "true" },
  };
  const stringData = { [key]: `$${webhook.secret}:${key}` };
  return [{ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData }];
}

type Cluster = Pick<PlannedCluster, "scale" | "versions">;

export function argocdWorkloads(cluster: Cluster, origin: Path): Workload[] {
  return [server, repoServer, controller, applicationSet, redis, redisSecretInit].map((part) => ({
    ...part(cluster),
    namespace: ARGOCD_NAMESPACE,
    component: "argocd",
    origin,
  }));
}

type Part = Omit<Workload, "namespace" | "component" | "origin">;

function server({ scale, versions }: Cluster): Part {
  const ports = [
    { name: "http", port: 80, targetPort: SERVER_PORT },
    { name: "https", port: 443, targetPort: SERVER_PORT },
  ];
  return {
    ...deployment("argocd-server", replicasOf(scale).server),
    ports: [tcp("server", SERVER_PORT), tcp("metrics", 8083)],
    services: [{ name: "argocd-server", type: "ClusterIP", ports }],
    containers: [container("server", versions)],
    metrics: { port: 8083, path: "/metrics" },
  };
}

function repoServer({ scale, versions }: Cluster): Part {
  const ports = [{ name: "tcp-repo-server", port: REPO_SERVER_PORT, targetPort: REPO_SERVER_PORT }];
  return {
    ...deployment("argocd-repo-server", replicasOf(scale).repoServer),
    ports: [tcp("repo-server", REPO_SERVER_PORT), tcp("metrics", 8084)],
    services: [{ name: "argocd-repo-server", type: "ClusterIP", ports }],
    containers: [container("repo-server", versions)],
    usesApi: false,
    metrics: { port: 8084, path: "/metrics" },
  };
}

function controller({ versions }: Cluster): Part {
  return {
    ...deployment("argocd-application-controller", 1),
    kind: "StatefulSet",
    ports: [tcp("metrics", 8082)],
    containers: [container("application-controller", versions)],
    metrics: { port: 8082, path: "/metrics" },
  };
}

function applicationSet({ scale, versions }: Cluster): Part {
  const ports = [{ name: "http-webhook", port: 7000, targetPort: 7000 }];
  return {
    ...deployment("argocd-applicationset-controller", replicasOf(scale).applicationSet),
    ports: [tcp("metrics", 8080), tcp("probe", 8081), tcp("webhook", 7000)],
    services: [{ name: "argocd-applicationset-controller", type: "ClusterIP", ports }],
    containers: [container("applicationset-controller", versions)],
    metrics: { port: 8080, path: "/metrics" },
  };
}

function redis(_cluster: Cluster): Part {
  const ports = [{ name: "tcp-redis", port: REDIS_PORT, targetPort: REDIS_PORT }];
  return {
    ...deployment("argocd-redis", 1),
    ports: [tcp("redis", REDIS_PORT)],
    services: [{ name: "argocd-redis", type: "ClusterIP", ports }],
    containers: [
      {
        name: "redis",
        // Default of chart 10.1.1.
        image: "ecr-public.aws.com/docker/library/redis:8.2.3-alpine",
        ...RESOURCES.redis,
      },
    ],
    usesApi: false,
  };
}

/** A hook of the chart that writes Redis' password into a Secret before the rest starts. */
function redisSecretInit({ versions }: Cluster): Part {
  return {
    ...deployment("argocd-redis-secret-init", 1),
    kind: "Job",
    ports: [],
    containers: [{ ...container("server", versions), name: "secret-init" }],
  };
}

/** What most parts have in common: labelled by name and release, an account of the same name, talking to the API. */
function deployment(name: string, replicas: number): Omit<Part, "ports" | "containers"> {
  return {
    kind: "Deployment",
    name,
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": RELEASE },
    serviceAccount: name,
    replicas,
    services: [],
    usesApi: true,
  };
}

const tcp = (name: string, port: number) => ({ name, port, protocol: "TCP" as const });

function container(name: keyof typeof RESOURCES, versions: Versions): WorkloadContainer {
  const { appVersion } = versions.chart(CHART);
  return { name, image: `quay.io/argoproj/argocd:${appVersion}`, ...RESOURCES[name] };
}

// What the flux2 chart creates, as others see it: names, labels, ports and accounts of chart 2.18.3 with the values of
// `values.ts`. Source: fluxcd-community/helm-charts charts/flux2/{values.yaml,templates,tests/__snapshot__} @82a385b0. Its check
// before the first install runs before anything of the platform is there and is left out.

import type { Path } from "../../../core/index.ts";
import type {
  Endpoint,
  Flow,
  Surface,
  SurfaceContext,
  Workload,
  WorkloadContainer,
} from "../../../model/index.ts";
import { gitEndpoint } from "../git-url.ts";
import type { FluxOptions } from "./options.ts";

export const FLUX_NAMESPACE = "flux-system";
export const CHART = "flux2";
export const RELEASE = "flux";

const ARTIFACTS_PORT = 9090;
const EVENTS_PORT = 9090;

type Controller =
  | "source"
  | "kustomize"
  | "helm"
  | "notification"
  | "image-reflector"
  | "image-automation";

const IMAGE_CONTROLLERS = ["image-reflector", "image-automation"] as const;

/** Image tags are the chart's own: a release of Flux has a version for each controller. */
const TAGS: Readonly<Record<Controller, string>> = {
  source: "v1.8.2",
  kustomize: "v1.8.3",
  helm: "v1.5.3",
  notification: "v1.8.3",
  "image-reflector": "v1.1.1",
  "image-automation": "v1.1.1",
};

/** Requests as the chart sets them, limits as Flux's own install manifests do; the chart states none and a quota needs them. */
export const RESOURCES = {
  requests: { cpu: "100m", memory: "64Mi" },
  limits: { cpu: "1", memory: "1Gi" },
} as const satisfies Pick<WorkloadContainer, "requests" | "limits">;

export function fluxSurface({ path }: SurfaceContext, options: FluxOptions): Surface {
  return {
    workloads: [
      { ...controller("source", path), services: [service("source-controller", ARTIFACTS_PORT)] },
      controller("kustomize", path),
      controller("helm", path),
      {
        ...controller("notification", path),
        services: [
          service("notification-controller", EVENTS_PORT),
          service("webhook-receiver", 9292),
        ],
      },
      ...(options.imageUpdates === undefined
        ? []
        : IMAGE_CONTROLLERS.map((part) => controller(part, path))),
    ],
    namespaces: [
      { name: FLUX_NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path },
    ],
    flows: fluxFlows(options, path),
  };
}

function controller(part: Controller, origin: Path): Workload {
  const name = `${part}-controller`;
  return {
    kind: "Deployment",
    name,
    namespace: FLUX_NAMESPACE,
    component: "flux",
    labels: { app: name },
    serviceAccount: name,
    replicas: 1,
    ports: [
      ...PORTS[part].map(([port, number]) => tcp(port, number)),
      tcp("http-prom", 8080),
      tcp("healthz", 9440),
    ],
    services: [],
    containers: [{ name: "manager", image: `ghcr.io/fluxcd/${name}:${TAGS[part]}`, ...RESOURCES }],
    usesApi: true,
    metrics: { port: 8080, path: "/metrics" },
    origin,
  };
}

const PORTS: Readonly<Record<Controller, readonly (readonly [string, number])[]>> = {
  source: [["http", ARTIFACTS_PORT]],
  kustomize: [],
  helm: [],
  notification: [
    ["http", EVENTS_PORT],
    ["http-webhook", 9292],
  ],
  "image-reflector": [],
  "image-automation": [],
};

const tcp = (name: string, port: number) => ({ name, port, protocol: "TCP" as const });

const service = (name: string, targetPort: number) => ({
  name,
  type: "ClusterIP" as const,
  ports: [{ name: "http", port: 80, targetPort }],
});

/** As the chart's own NetworkPolicies let them, which these replace, but only where each really goes. */
function fluxFlows(options: FluxOptions, origin: Path): Flow[] {
  const { repository, imageUpdates } = options;
  const writers = imageUpdates === undefined ? [] : IMAGE_CONTROLLERS;
  const inside = { protocol: "TCP", application: "http", encryption: "none", origin } as const;
  const outside = { protocol: "TCP", encryption: "tls", purpose: "delivery", origin } as const;
  const { host, port, application } = gitEndpoint(repository);
  return [
    ...(["kustomize", "helm"] as const).map((from): Flow => ({
      ...inside,
      name: `flux-${from}-controller-to-artifacts`,
      from: part(from),
      to: part("source"),
      port: ARTIFACTS_PORT,
      purpose: "internal",
    })),
    ...(["source", "kustomize", "helm", ...writers] as const).map((from): Flow => ({
      ...inside,
      name: `flux-${from}-controller-to-notification`,
      from: part(from),
      to: part("notification"),
      port: EVENTS_PORT,
      purpose: "internal",
    })),
    // The automation clones and pushes by itself.
    ...["source" as const, ...writers.filter((name) => name === "image-automation")].map(
      (from): Flow => ({
        ...outside,
        name: `flux-${from}-controller-to-git`,
        from: part(from),
        to: { kind: "external", name: host, addresses: [] },
        port,
        application,
      }),
    ),
    ...writers
      .filter((name) => name === "image-reflector")
      .map((from): Flow => ({
        ...outside,
        name: "flux-image-reflector-controller-to-registries",
        from: part(from),
        to: { kind: "external", name: "image registries", addresses: [] },
        port: 443,
        application: "https",
      })),
    {
      ...outside,
      name: "flux-source-controller-to-chart-repositories",
      from: part("source"),
      to: { kind: "external", name: "chart repositories", addresses: [] },
      port: 443,
      application: "https",
    },
  ];
}

const part = (name: Controller): Endpoint => ({
  kind: "workload",
  namespace: FLUX_NAMESPACE,
  name: `${name}-controller`,
});

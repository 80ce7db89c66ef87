// An app as others see it: one Deployment, its Service where it listens, its namespace, its own secrets.

import type { Path } from "../../../core/index.ts";
import type {
  Area,
  OwnedField,
  PlannedApp,
  PlannedCluster,
  PlannedNamespace,
  SecretDemand,
  Surface,
  SurfaceContext,
  Workload,
  WorkloadPort,
  WorkloadService,
} from "../../../model/index.ts";
import { exposedFlows, exposedPorts, exposedServices, exposuresOf } from "./exposures.ts";
import { identityFlow } from "./identity.ts";

/** Service port in front of every app; the container's own port stays the app's business. */
export const SERVICE_PORT = 80;
/** The same of a route with a port of its own. */
const ROUTE_SERVICE_PORT = 443;

export function appSurface({ cluster }: SurfaceContext, apps: readonly PlannedApp[]): Surface {
  return {
    workloads: apps.map((app) => appWorkload(cluster, app)),
    namespaces: apps.map(appNamespace),
    secrets: apps.flatMap(appSecrets),
    ownedFields: apps.flatMap(autoscaled),
    flows: apps.flatMap((app) => [...exposedFlows(app), ...identityFlow(cluster, app)]),
    exposures: apps.flatMap(exposuresOf),
  };
}

/** An autoscaler sets replicas; who releases step by step says so of its own objects. */
function autoscaled({ name, namespace, scale, release }: PlannedApp): OwnedField[] {
  if (scale === undefined || scale.signals !== undefined || release.kind !== "rolling") return [];
  const target = { apiVersion: "apps/v1", kind: "Deployment", namespace, name };
  return [{ ...target, field: ["spec", "replicas"] }];
}

export function appArea({ name }: Pick<PlannedApp, "name">): Area {
  return `apps/${name}`;
}

export function appWorkload(_cluster: Pick<PlannedCluster, "scale">, app: PlannedApp): Workload {
  const { name, namespace, port, metrics } = app;
  return {
    kind: "Deployment",
    name,
    namespace,
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "app" },
    serviceAccount: name,
    replicas: app.replicas,
    ports: [
      ...(port === undefined ? [] : [{ name: "http", port, protocol: "TCP" as const }]),
      ...routePorts(app),
      ...exposedPorts(app),
    ],
    services: [...(port === undefined ? [] : [ownService(app, port)]), ...exposedServices(app)],
    containers: [
      {
        name,
        image: app.image,
        requests: app.resources.requests,
        limits: app.resources.limits,
      },
    ],
    usesApi: false,
    ...(metrics === undefined || port === undefined
      ? {}
      : { metrics: { port, path: metrics, ...schemeOf(app) } }),
    component: "kubernetes-workload",
    origin: app.origin,
  };
}

/** Its certificate is checked by the ingress alone. */
function schemeOf(app: PlannedApp): { readonly scheme?: "https" } {
  const isTls = app.route?.traffic.upstream !== undefined && !hasPortOfItsOwn(app);
  return isTls ? { scheme: "https" } : {};
}

/** Whether the ingress comes in by another port than everybody else: other apps, probes, whoever scrapes. */
export const hasPortOfItsOwn = ({ route, port }: Pick<PlannedApp, "route" | "port">): boolean =>
  route !== undefined && route.port !== port;

/** Port of the app's Service that leads to what the route asks for. */
export const routeServicePort = (app: PlannedApp): number =>
  hasPortOfItsOwn(app) ? ROUTE_SERVICE_PORT : SERVICE_PORT;

/** Unless something else opens it already. */
function routePorts(app: PlannedApp): WorkloadPort[] {
  const { route, exposures = [] } = app;
  if (route === undefined || !hasPortOfItsOwn(app)) return [];
  if (exposures.some(({ port }) => port === route.port)) return [];
  return [{ name: "route", port: route.port, protocol: "TCP" }];
}

function ownService(app: PlannedApp, port: number): WorkloadService {
  const { name, route } = app;
  const ports = [{ name: "http", port: SERVICE_PORT, targetPort: port }];
  if (route !== undefined && hasPortOfItsOwn(app))
    ports.push({ name: "route", port: ROUTE_SERVICE_PORT, targetPort: route.port });
  return { name, type: "ClusterIP", ports };
}

function appNamespace({ namespace, origin }: PlannedApp): PlannedNamespace {
  return { name: namespace, tenancy: "app", podSecurity: "restricted", origin };
}

/** Name of the Kubernetes Secret behind one entry of `apps.<app>.secrets`. */
export function appSecretName(app: string, secret: string): string {
  return `${app}-${secret}`;
}

function appSecrets(app: PlannedApp): SecretDemand[] {
  return app.secrets.map((secret) => ({
    id: `apps.${app.name}.${secret.name}`,
    name: appSecretName(app.name, secret.name),
    type: "Opaque",
    namespaces: [app.namespace],
    keys: secret.keys.map((key) => ({
      key,
      source: "person" as const,
      description: `${key} of ${secret.name}, used by ${app.name}`,
    })),
    area: appArea(app),
    origin: secret.origin satisfies Path,
  }));
}

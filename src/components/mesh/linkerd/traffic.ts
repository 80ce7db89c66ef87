// What requests to an app get on their way: HTTPRoutes whose parent is the app's Service for routes, shares and timeouts,
// annotations on them for retries, and on the Service for the circuit breaker. Source: linkerd/linkerd2 edge-26.8.3
// policy-controller/k8s/index/src/outbound/index{.rs,/http.rs}.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Graph, PlannedApp, PlannedCluster, PlannedTraffic } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";

/** RFC 9110 section 9.2.2: these may be repeated after they arrived. Retries of the proxy know no methods, routes do. */
const REPEATABLE = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];
/** Envoy's longest ejection, which the other mesh uses; the proxy waits longer each time. */
const PENALTY_MAX_MS = 300_000;

interface Backend {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

/** Names of the routes of an app; what comes in from outside has a route of the app's own name. */
export function meshRouteNames({
  name,
  route,
  traffic,
}: Pick<PlannedApp, "name" | "route" | "traffic">): string[] {
  const own = route === undefined ? name : `${name}-mesh`;
  return traffic?.retries === undefined ? [own] : [own, `${own}-repeatable`];
}

/** None where nothing is asked of requests to the app. */
export function serviceRoutes(
  cluster: PlannedCluster,
  graph: Graph,
  app: PlannedApp,
): KubernetesObject[] {
  const { traffic } = app;
  const split = splitHere(app);
  if (traffic === undefined && split === undefined) return [];
  if (split === undefined && traffic !== undefined && asksNoRoute(traffic)) return [];
  const own = backendOf(graph, app);
  if (own === undefined) return [];
  const rules = rulesOf(cluster, graph, app, own);
  return meshRouteNames(app).map((name, index) =>
    index === 0
      ? httpRoute(cluster, app, { name, own, rules })
      : httpRoute(cluster, app, {
          name,
          own,
          rules: rules.map(repeatable),
          annotations: retriesOf(traffic),
        }),
  );
}

/** What comes in from outside is split where it comes in. */
function splitHere(app: PlannedApp): PlannedApp["split"] {
  const [name = ""] = meshRouteNames(app);
  return app.split?.objects.includes(name) === true ? app.split : undefined;
}

/** Whatever else is asked (a breaker, copies, faults) stands elsewhere or is a finding. */
function asksNoRoute({ routes, timeoutMs, retries }: PlannedTraffic): boolean {
  return routes.length === 0 && timeoutMs === undefined && retries === undefined;
}

function backendOf(
  graph: Graph,
  { name, namespace, port }: Pick<PlannedApp, "name" | "namespace" | "port">,
): Backend | undefined {
  const found = graph
    .workload(namespace, name)
    ?.services.find((service) => service.name === name)
    ?.ports.find(({ targetPort }) => targetPort === port);
  return found === undefined ? undefined : { name, namespace, port: found.port };
}

function rulesOf({ apps }: PlannedCluster, graph: Graph, app: PlannedApp, own: Backend): Fields[] {
  const { routes = [], timeoutMs } = app.traffic ?? {};
  const target = (name: string): Backend => {
    const other = apps.find((one) => one.name === name);
    return (other && backendOf(graph, other)) ?? own;
  };
  const timeouts = timeoutMs === undefined ? {} : { timeouts: { request: duration(timeoutMs) } };
  const isAny = ({ headers }: PlannedTraffic["routes"][number]): boolean =>
    Object.keys(headers).length === 0;
  const shared = routes.filter(isAny);
  return [
    ...routes
      .filter((route) => !isAny(route))
      .map(({ headers, to, percent }) => ({
        matches: [
          {
            headers: Object.entries(headers).map(([name, value]) => ({
              type: "Exact",
              name,
              value,
            })),
          },
        ],
        backendRefs: shares([[target(to), percent]], own),
        ...timeouts,
      })),
    {
      matches: [{ path: { type: "PathPrefix", value: "/" } }],
      backendRefs: shares(
        shared.map(({ to, percent }) => [target(to), percent] as const),
        own,
        splitHere(app)?.candidate,
      ),
      ...timeouts,
    },
  ];
}

/** The rest stays with the app itself; a version that is tried starts with nothing, and its share belongs to who releases. */
function shares(
  others: readonly (readonly [backend: Backend, percent: number])[],
  own: Backend,
  tried?: string,
): Fields[] {
  const taken = others.reduce((sum, [, percent]) => sum + percent, 0);
  const all = [...others, [own, 100 - taken] as const].filter(([, percent]) => percent > 0);
  const listed = [...all, ...(tried === undefined ? [] : [[{ ...own, name: tried }, 0] as const])];
  return listed.map(([{ name, namespace, port }, weight]) => ({
    name,
    ...(namespace === own.namespace ? {} : { namespace }),
    port,
    ...(listed.length === 1 ? {} : { weight }),
  }));
}

function repeatable(rule: Fields): Fields {
  const [match] = (rule["matches"] as readonly Fields[] | undefined) ?? [{}];
  return { ...rule, matches: REPEATABLE.map((method) => ({ ...match, method })) };
}

function retriesOf(traffic: PlannedTraffic | undefined): Record<string, string> {
  const { attempts, attemptTimeoutMs } = traffic?.retries ?? {};
  return {
    ...(attempts === undefined
      ? {}
      : { "retry.linkerd.io/http": "5xx", "retry.linkerd.io/limit": String(attempts) }),
    ...(attemptTimeoutMs === undefined
      ? {}
      : { "retry.linkerd.io/timeout": duration(attemptTimeoutMs) }),
  };
}

function httpRoute(
  { platform }: PlannedCluster,
  app: PlannedApp,
  {
    name,
    own,
    rules,
    annotations = {},
  }: {
    readonly name: string;
    readonly own: Backend;
    readonly rules: readonly Fields[];
    readonly annotations?: Readonly<Record<string, string>>;
  },
): KubernetesObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: {
      name,
      namespace: app.namespace,
      labels: systemLabels(platform, app.name, "traffic"),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      parentRefs: [{ group: "", kind: "Service", name: own.name, port: own.port }],
      rules,
    },
  };
}

/** Of a Service; absent where no pod is ever left out. */
export function breakerAnnotations(app: PlannedApp): Record<string, string> | undefined {
  const breaker = app.traffic?.circuitBreaker;
  if (breaker === undefined) return undefined;
  const accrual = "balancer.linkerd.io/failure-accrual";
  return {
    [accrual]: "consecutive",
    [`${accrual}-consecutive-max-failures`]: String(breaker.failures),
    [`${accrual}-consecutive-min-penalty`]: duration(breaker.ejectMs),
    [`${accrual}-consecutive-max-penalty`]: duration(Math.max(breaker.ejectMs, PENALTY_MAX_MS)),
  };
}

function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

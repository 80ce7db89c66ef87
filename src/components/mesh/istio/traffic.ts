// What requests to an app get on their way: a VirtualService for routes, timeouts, retries, copies and faults, a
// DestinationRule for the circuit breaker. Source: istio/api networking/v1.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  PlannedApp,
  PlannedCluster,
  PlannedFaults,
  PlannedTraffic,
} from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";

const API_VERSION = "networking.istio.io/v1";
/** Nothing arrived: any method may be sent again. */
const SAFE_RETRIES = "connect-failure,refused-stream";
/** RFC 9110 section 9.2.2: these may be repeated after they arrived. */
const REPEATABLE = "GET|HEAD|OPTIONS|TRACE|PUT|DELETE";

const NOTHING: PlannedTraffic = { routes: [] };

export function serviceHost({ name, namespace }: Pick<PlannedApp, "name" | "namespace">): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

/** Named, so that who releases finds them among those for other headers: the entry for what may be repeated comes first. */
export function splitEntries({ traffic }: Pick<PlannedApp, "traffic">): string[] {
  return traffic?.retries === undefined ? ["shares"] : ["shares-repeatable", "shares"];
}

/** Absent where nothing but the circuit breaker was asked for. */
export function virtualService(
  { platform, apps }: PlannedCluster,
  app: PlannedApp,
): KubernetesObject | undefined {
  const { traffic = NOTHING } = app;
  const tried = app.split?.form === "virtual-service" ? app.split.candidate : undefined;
  if (app.port === undefined || (tried === undefined && isOnlyBreaker(traffic))) return undefined;
  const own = serviceHost(app);
  const hostOf = (name: string): string =>
    serviceHost(apps.find((one) => one.name === name) ?? { name, namespace: name });
  const routed = [
    ...traffic.routes
      .filter(({ headers }) => !isEmpty(headers))
      .map((route) => ({
        match: { headers: exactly(route.headers) },
        route: shares([[hostOf(route.to), route.percent]], own),
      })),
    {
      match: undefined,
      route: shares(
        traffic.routes
          .filter(({ headers }) => isEmpty(headers))
          .map(({ to, percent }) => [hostOf(to), percent] as const),
        own,
        tried === undefined ? undefined : serviceHost({ ...app, name: tried }),
      ),
    },
  ];
  const { until } = traffic.faults ?? {};
  return {
    apiVersion: API_VERSION,
    kind: "VirtualService",
    metadata: {
      name: app.name,
      namespace: app.namespace,
      labels: systemLabels(platform, app.name, "traffic"),
      ...(until === undefined ? {} : { annotations: { "keelson.dev/faults-until": until } }),
    },
    spec: {
      hosts: [serviceHost(app)],
      http: routed.flatMap(({ match, route }) => {
        const entries = withRetries(traffic, {
          ...(match === undefined ? {} : { match: [match] }),
          route,
          ...handling(traffic, hostOf),
        });
        if (tried === undefined || match !== undefined) return entries;
        return splitEntries(app).map((name, index) => ({ name, ...entries[index] }));
      }),
    },
  };
}

function isOnlyBreaker(traffic: PlannedTraffic): boolean {
  const { circuitBreaker: _circuitBreaker, routes, ...others } = traffic;
  return routes.length === 0 && isEmpty(others);
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;

function exactly(headers: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(Object.entries(headers).map(([name, exact]) => [name, { exact }]));
}

/** The rest stays with the app itself; a version that is tried starts with nothing, and its share belongs to who releases. */
function shares(
  others: readonly (readonly [host: string, percent: number])[],
  own: string,
  tried?: string,
): Fields[] {
  const taken = others.reduce((sum, [, percent]) => sum + percent, 0);
  const all = [...others, [own, 100 - taken] as const].filter(([, percent]) => percent > 0);
  const listed = [...all, ...(tried === undefined ? [] : [[tried, 0] as const])];
  if (listed.length === 1) return listed.map(([host]) => ({ destination: { host } }));
  return listed.map(([host, weight]) => ({ destination: { host }, weight }));
}

function handling(
  { timeoutMs, mirror, faults }: PlannedTraffic,
  hostOf: (app: string) => string,
): Fields {
  return {
    ...(timeoutMs === undefined ? {} : { timeout: duration(timeoutMs) }),
    ...(mirror === undefined
      ? {}
      : {
          mirror: { host: hostOf(mirror.to) },
          mirrorPercentage: { value: mirror.percent },
        }),
    ...(faults === undefined ? {} : { fault: faultOf(faults) }),
  };
}

function faultOf({ delay, abort }: PlannedFaults): Fields {
  return {
    ...(delay && {
      delay: { fixedDelay: duration(delay.ms), percentage: { value: delay.percent } },
    }),
    ...(abort && { abort: { httpStatus: abort.status, percentage: { value: abort.percent } } }),
  };
}

/** Two entries: requests that may be repeated after they arrived, and all others. */
function withRetries({ retries }: PlannedTraffic, entry: Fields): Fields[] {
  if (retries === undefined) return [entry];
  const { attempts, attemptTimeoutMs } = retries;
  const how = {
    attempts,
    ...(attemptTimeoutMs === undefined ? {} : { perTryTimeout: duration(attemptTimeoutMs) }),
  };
  const [match] = (entry["match"] as readonly Fields[] | undefined) ?? [{}];
  return [
    {
      ...entry,
      match: [{ ...match, method: { regex: REPEATABLE } }],
      retries: { ...how, retryOn: `5xx,reset,${SAFE_RETRIES}` },
    },
    { ...entry, retries: { ...how, retryOn: SAFE_RETRIES } },
  ];
}

/** Absent where no pod is ever left out. */
export function destinationRule(
  { platform }: PlannedCluster,
  app: PlannedApp,
): KubernetesObject | undefined {
  const breaker = app.traffic?.circuitBreaker;
  if (breaker === undefined || app.port === undefined) return undefined;
  const { failures, ejectMs, ejectedPercentMax, connectionsMax, pendingMax } = breaker;
  const pool = {
    ...(connectionsMax === undefined ? {} : { tcp: { maxConnections: connectionsMax } }),
    ...(pendingMax === undefined ? {} : { http: { http1MaxPendingRequests: pendingMax } }),
  };
  return {
    apiVersion: API_VERSION,
    kind: "DestinationRule",
    metadata: {
      name: app.name,
      namespace: app.namespace,
      labels: systemLabels(platform, app.name, "traffic"),
    },
    spec: {
      host: serviceHost(app),
      trafficPolicy: {
        ...(isEmpty(pool) ? {} : { connectionPool: pool }),
        outlierDetection: {
          consecutive5xxErrors: failures,
          interval: "10s",
          baseEjectionTime: duration(ejectMs),
          maxEjectionPercent: Math.round(ejectedPercentMax),
        },
      },
    },
  };
}

/** As protobuf prints it: whole milliseconds, or seconds. */
function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

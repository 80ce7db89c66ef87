// What sidecars do with requests, by the VirtualServices, DestinationRules and EnvoyFilters there are. Mirrors
// istio/istio 1.30.3 pilot/pkg/networking/core/route/route.go (the first entry that matches; nothing matches: 404) and
// core/cluster_traffic_policy.go. Entries with fields that are not read here take no request.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  MeshBalancing,
  MeshCall,
  MeshDestination,
  MeshRateLimit,
  MeshRoute,
  MeshTreatment,
  RouteBackend,
} from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { isSelected, recordsAt, textsAt } from "../objects.ts";
import { NAMESPACE } from "./surface.ts";
import {
  matchesText,
  millisecondsAt,
  numberAt,
  outliersOf,
  percentAt,
  recordAt,
  retriesOf,
  serviceOf,
  textAt,
} from "./treat-fields.ts";

export function treatByIstio(objects: readonly KubernetesObject[]): MeshTreatment {
  const ofKind = (kind: string): readonly KubernetesObject[] =>
    objects.filter((one) => one.kind === kind && one.apiVersion.startsWith("networking.istio.io/"));
  const services = ofKind("VirtualService");
  const rules = ofKind("DestinationRule");
  const filters = ofKind("EnvoyFilter");
  const ruleFor = (of: RouteBackend): KubernetesObject | undefined =>
    rules.find(({ metadata, spec }) => isHost(textAt(spec, "host"), metadata.namespace, of));
  const tracedPercent = tracedBy(objects);
  return {
    ...(tracedPercent === undefined ? {} : { tracedPercent }),
    route: (call) => routeOf(services, ruleFor, call),
    balancing: (of) => balancingOf(ruleFor(of), of),
    limits: (to) => limitsOf(filters, to),
  };
}

/** Of the whole mesh; without a provider nobody gets traces. Istio's own default is one percent. */
function tracedBy(objects: readonly KubernetesObject[]): number | undefined {
  const found = objects
    .filter(({ kind, metadata }) => kind === "Telemetry" && metadata.namespace === NAMESPACE)
    .flatMap(({ spec }) => recordsAt(spec, "tracing"))
    .find((entry) => recordsAt(entry, "providers").length > 0);
  return found && (numberAt(found, "randomSamplingPercentage") ?? 1);
}

type FindRule = (of: RouteBackend) => KubernetesObject | undefined;

function isHost(
  host: string | undefined,
  namespace: string | undefined,
  of: RouteBackend,
): boolean {
  if (host === undefined) return false;
  const named = serviceOf(host, namespace ?? "");
  return named.service === of.service && named.namespace === of.namespace;
}

function routeOf(
  services: readonly KubernetesObject[],
  ruleFor: FindRule,
  call: MeshCall,
): MeshRoute {
  const found = services.find(({ metadata, spec }) => {
    const gateways = textsAt(spec, "gateways");
    const isMesh = gateways.length === 0 || gateways.includes("mesh");
    return (
      isMesh && textsAt(spec, "hosts").some((host) => isHost(host, metadata.namespace, call.to))
    );
  });
  if (found === undefined) {
    const own = { ...call.to, exists: true, weight: 100 };
    return { kind: "forward", name: "default", destinations: [own], mirrors: [], ...retriesOf({}) };
  }
  const entries = recordsAt(found["spec"], "http");
  const entry = entries.find((one) => isRead(one) && takes(one, call));
  if (entry === undefined) return { kind: "none" };
  return forward(found, entry, ruleFor, call);
}

const READ = new Set([
  "name",
  "match",
  "route",
  "timeout",
  "retries",
  "fault",
  "mirror",
  "mirrorPercentage",
  "mirrors",
]);

const isRead = (entry: Fields): boolean => Object.keys(entry).every((key) => READ.has(key));

/** One of the matches is enough, each of them as a whole. */
function takes(entry: Fields, call: MeshCall): boolean {
  const matches = recordsAt(entry, "match");
  return matches.length === 0 || matches.some((match) => isMatch(match, call));
}

function isMatch(match: Fields, { from, to, method, path, headers }: MeshCall): boolean {
  return Object.entries(match).every(([key, wanted]) => {
    switch (key) {
      case "name":
        return true;
      case "method":
        return matchesText(wanted, method);
      case "uri":
        return matchesText(wanted, path);
      case "headers":
        return eachText(wanted, (name, pattern) => matchesText(pattern, headers[name]));
      case "withoutHeaders":
        return eachText(wanted, (name, pattern) => !matchesText(pattern, headers[name]));
      case "port":
        return wanted === to.port;
      case "sourceNamespace":
        return wanted === from.namespace;
      case "sourceLabels":
        return eachText(wanted, (name, value) => from.labels[name] === value);
      default:
        return false;
    }
  });
}

const eachText = (value: unknown, holds: (name: string, value: unknown) => boolean): boolean =>
  isRecord(value) &&
  Object.entries(value).every(([name, pattern]) => holds(name.toLowerCase(), pattern));

function forward(
  { metadata }: KubernetesObject,
  entry: Fields,
  ruleFor: FindRule,
  { to }: MeshCall,
): MeshRoute {
  const destination = (given: unknown): MeshDestination =>
    destinationOf(given, metadata.namespace ?? "", to.port, ruleFor);
  const listed = recordsAt(entry, "route");
  const timeoutMs = millisecondsAt(entry, "timeout");
  return {
    kind: "forward",
    name: `${metadata.namespace}/${metadata.name}`,
    destinations: listed.map((one) => ({
      ...destination(one["destination"]),
      weight: numberAt(one, "weight") ?? (listed.length === 1 ? 100 : 0),
    })),
    mirrors: [
      ...(isRecord(entry["mirror"])
        ? [{ ...destination(entry["mirror"]), percent: percentAt(entry, "mirrorPercentage") }]
        : []),
      ...recordsAt(entry, "mirrors").map((one) => ({
        ...destination(one["destination"]),
        percent: percentAt(one, "percentage"),
      })),
    ],
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...retriesOf(entry),
    ...faultsOf(recordAt(entry, "fault")),
  };
}

function destinationOf(
  given: unknown,
  namespace: string,
  port: number,
  ruleFor: FindRule,
): MeshDestination {
  const backend = {
    ...serviceOf(textAt(given, "host") ?? "", namespace),
    port: numberAt(recordAt(given, "port"), "number") ?? port,
  };
  const subset = textAt(given, "subset");
  if (subset === undefined) return { ...backend, exists: true };
  const found = subsetOf(ruleFor(backend), subset);
  if (found === undefined) return { ...backend, subset, exists: false };
  const labels = recordAt(found, "labels") as Readonly<Record<string, string>>;
  return { ...backend, subset, labels, exists: true };
}

function subsetOf(rule: KubernetesObject | undefined, name: string): Fields | undefined {
  return recordsAt(rule?.["spec"], "subsets").find((one) => one["name"] === name);
}

function faultsOf({
  delay,
  abort,
}: Fields): Pick<Extract<MeshRoute, { kind: "forward" }>, "faults"> {
  const ms = millisecondsAt(delay, "fixedDelay");
  const status = numberAt(abort, "httpStatus");
  if (ms === undefined && status === undefined) return {};
  return {
    faults: {
      ...(ms === undefined ? {} : { delay: { ms, percent: percentAt(delay, "percentage") } }),
      ...(status === undefined
        ? {}
        : { abort: { status, percent: percentAt(abort, "percentage") } }),
    },
  };
}

const BALANCERS: Readonly<Record<string, MeshBalancing["by"]>> = {
  ROUND_ROBIN: "round-robin",
  RANDOM: "random",
};

/** A subset's own policy before its Service's, part by part. */
function balancingOf(rule: KubernetesObject | undefined, of: MeshDestination): MeshBalancing {
  const shared = recordAt(rule?.["spec"], "trafficPolicy");
  const own = of.subset === undefined ? {} : recordAt(subsetOf(rule, of.subset), "trafficPolicy");
  const policy = { ...shared, ...own };
  const pool = recordAt(policy, "connectionPool");
  const connectionsMax = numberAt(recordAt(pool, "tcp"), "maxConnections");
  const pendingMax = numberAt(recordAt(pool, "http"), "http1MaxPendingRequests");
  const simple = textAt(recordAt(policy, "loadBalancer"), "simple") ?? "";
  return {
    by: BALANCERS[simple] ?? "least-request",
    ...(connectionsMax === undefined ? {} : { connectionsMax }),
    ...(pendingMax === undefined ? {} : { pendingMax }),
    ...outliersOf(policy),
  };
}

const LIMIT_FILTER = "envoy.filters.http.local_ratelimit";

function limitsOf(
  filters: readonly KubernetesObject[],
  { namespace, labels, port }: Parameters<MeshTreatment["limits"]>[0],
): MeshRateLimit[] {
  return filters
    .filter(
      ({ metadata, spec }) =>
        metadata.namespace === namespace &&
        isSelected({ matchLabels: recordAt(recordAt(spec, "workloadSelector"), "labels") }, labels),
    )
    .flatMap(({ metadata, spec }) =>
      recordsAt(spec, "configPatches").flatMap((patch) => {
        const value = recordAt(recordAt(patch, "patch"), "value");
        const at = numberAt(recordAt(recordAt(patch, "match"), "listener"), "portNumber");
        if (value["name"] !== LIMIT_FILTER || (at !== undefined && at !== port)) return [];
        return limitOf(`${metadata.namespace}/${metadata.name}`, value);
      }),
    );
}

function limitOf(name: string, value: Fields): MeshRateLimit[] {
  const bucket = recordAt(recordAt(recordAt(value, "typed_config"), "value"), "token_bucket");
  const tokens = numberAt(bucket, "max_tokens");
  const fillMs = millisecondsAt(bucket, "fill_interval");
  if (tokens === undefined || fillMs === undefined) return [];
  const perFill = numberAt(bucket, "tokens_per_fill") ?? 1;
  return [{ name, tokens, perFill, fillMs, status: 429 }];
}

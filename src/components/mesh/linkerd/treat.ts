// What Linkerd's proxies do with requests, by the HTTPRoutes of Services, the annotations of both and the limits of Servers.
// Mirrors linkerd/linkerd2 edge-26.8.3 policy-controller/k8s/index/src/outbound/index{.rs,/http.rs} and the Gateway API's order
// of rules (the exact path, the longest prefix, a method, the most headers, the oldest, the name).

import { isRecord, parseDuration } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  MeshBalancing,
  MeshCall,
  MeshRateLimit,
  MeshRoute,
  MeshTreatment,
  OutlierRule,
  RouteBackend,
} from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { isSelected, recordsAt } from "../objects.ts";

type Forward = Extract<MeshRoute, { kind: "forward" }>;
type Texts = Readonly<Record<string, string>>;

const ROUTES = ["gateway.networking.k8s.io/", "policy.linkerd.io/"];

export function treatByLinkerd(objects: readonly KubernetesObject[]): MeshTreatment {
  const routes = objects.filter(
    ({ kind, apiVersion }) =>
      kind === "HTTPRoute" && ROUTES.some((group) => apiVersion.startsWith(group)),
  );
  const services = objects.filter(({ kind }) => kind === "Service");
  return {
    route: (call) => routeOf(routes, call),
    balancing: ({ namespace, service }) => {
      const found = services.find(
        ({ metadata }) => metadata.namespace === namespace && metadata.name === service,
      );
      return { by: "least-request", ...accrual(found?.metadata.annotations ?? {}) };
    },
    limits: (to) => limitsOf(objects, to),
  };
}

function routeOf(routes: readonly KubernetesObject[], call: MeshCall): MeshRoute {
  const attached = routes.filter((route) => isAttached(route, call.to));
  if (attached.length === 0)
    return {
      kind: "forward",
      name: "default",
      destinations: [{ ...call.to, exists: true, weight: 1 }],
      mirrors: [],
    };
  const found = attached
    .flatMap((route) =>
      recordsAt(route["spec"], "rules").flatMap((rule) =>
        matchesOf(rule)
          .filter((match) => isMatch(match, call))
          .map((match) => ({ route, rule, rank: rankOf(match, route) })),
      ),
    )
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .at(0);
  return found === undefined ? { kind: "none" } : forward(found.route, found.rule, call);
}

function isAttached({ metadata, spec }: KubernetesObject, to: RouteBackend): boolean {
  return recordsAt(spec, "parentRefs").some(
    ({ kind, name, namespace = metadata.namespace, port = to.port }) =>
      kind === "Service" && name === to.service && namespace === to.namespace && port === to.port,
  );
}

/** A rule without matches takes everything. */
function matchesOf(rule: Fields): readonly Fields[] {
  const matches = recordsAt(rule, "matches");
  return matches.length === 0 ? [{}] : matches;
}

function isMatch({ path: wanted, method: verb, headers: fields }: Fields, call: MeshCall): boolean {
  const { type = "PathPrefix", value = "/" } = isRecord(wanted) ? wanted : {};
  const asked = String(value);
  const onPath =
    type === "Exact"
      ? call.path === asked
      : type === "PathPrefix" && isBelow(call.path, asked.replace(/\/$/, ""));
  const list = Array.isArray(fields) ? fields.filter(isRecord) : [];
  return (
    onPath &&
    (verb === undefined || verb === call.method) &&
    list.every(
      ({ name, value: text, type: how = "Exact" }) =>
        how === "Exact" && call.headers[String(name).toLowerCase()] === text,
    )
  );
}

/** By whole segments. */
const isBelow = (path: string, prefix: string): boolean =>
  prefix === "" || path === prefix || path.startsWith(`${prefix}/`);

/** The smaller wins. */
function rankOf({ path, method, headers }: Fields, { metadata }: KubernetesObject) {
  const { type = "PathPrefix", value = "/" } = isRecord(path) ? path : {};
  const count = Array.isArray(headers) ? headers.length : 0;
  return [
    type === "Exact" ? 0 : 1,
    -String(value).length,
    method === undefined ? 1 : 0,
    -count,
    metadata.creationTimestamp ?? "",
    metadata.name,
  ] as const;
}

function compareRanks(a: ReturnType<typeof rankOf>, b: ReturnType<typeof rankOf>): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  if (at < 0) return 0;
  return (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}

function forward(route: KubernetesObject, rule: Fields, { to }: MeshCall): MeshRoute {
  const { metadata } = route;
  const annotations = metadata.annotations ?? {};
  const backends = recordsAt(rule, "backendRefs");
  const timeouts = isRecord(rule["timeouts"]) ? rule["timeouts"] : {};
  const timeoutMs = durationAt(timeouts, "request") ?? durationAt(annotations, TIMEOUT);
  return {
    kind: "forward",
    name: `${metadata.namespace}/${metadata.name}`,
    destinations:
      backends.length === 0
        ? [{ ...to, exists: true, weight: 1 }]
        : backends.map(({ name, namespace = metadata.namespace, port = to.port, weight = 1 }) => ({
            service: String(name),
            namespace: String(namespace),
            port: Number(port),
            exists: true,
            weight: Number(weight),
          })),
    mirrors: [],
    ...(timeoutMs === undefined || timeoutMs === 0 ? {} : { timeoutMs }),
    ...retriesOf(annotations),
  };
}

const TIMEOUT = "timeout.linkerd.io/request";

function durationAt(record: Fields, key: string): number | undefined {
  const text = record[key];
  return typeof text === "string" ? parseDuration(text) : undefined;
}

/** Any of the annotations switches retries on; of these conditions, and once unless it says otherwise. */
function retriesOf(annotations: Texts): Pick<Forward, "retries"> {
  const conditions = annotations["retry.linkerd.io/http"];
  if (conditions === undefined) return {};
  const attemptTimeoutMs = durationAt(annotations, "retry.linkerd.io/timeout");
  return {
    retries: {
      attempts: Number(annotations["retry.linkerd.io/limit"] ?? 1) || 1,
      on: { refused: true, noAnswer: true, statuses: conditions.split(",").flatMap(statusesOf) },
      ...(attemptTimeoutMs === undefined || attemptTimeoutMs === 0 ? {} : { attemptTimeoutMs }),
    },
  };
}

function statusesOf(condition: string): { min: number; max: number }[] {
  const text = condition.trim().toLowerCase();
  if (text === "5xx") return [{ min: 500, max: 599 }];
  if (text === "gateway-error") return [{ min: 502, max: 504 }];
  const [min = Number.NaN, max = min] = text.split("-").map(Number);
  return Number.isNaN(min) || Number.isNaN(max) ? [] : [{ min, max }];
}

const ACCRUAL = "balancer.linkerd.io/failure-accrual";

/** Defaults of parse_consecutive_params: seven failures, one second, one minute; its jitter, up to half more, is left out. */
function accrual(annotations: Texts): Pick<MeshBalancing, "outliers"> {
  if (annotations[ACCRUAL] !== "consecutive") return {};
  const duration = (name: string, otherwise: number): number =>
    durationAt(annotations, `${ACCRUAL}-consecutive-${name}`) ?? otherwise;
  const outliers: OutlierRule = {
    failures: Number(annotations[`${ACCRUAL}-consecutive-max-failures`] ?? 7),
    ejectMs: duration("min-penalty", 1_000),
    ejectMsMax: duration("max-penalty", 60_000),
    growth: "doubling",
    ejectedPercentMax: 100,
    probation: true,
  };
  return { outliers };
}

/** A limit holds for every pod of its Server. */
function limitsOf(
  objects: readonly KubernetesObject[],
  { namespace, labels, port }: Parameters<MeshTreatment["limits"]>[0],
): MeshRateLimit[] {
  const here = objects.filter(({ metadata }) => metadata.namespace === namespace);
  const servers = here
    .filter(
      ({ kind, spec }) =>
        kind === "Server" &&
        isRecord(spec) &&
        spec["port"] === port &&
        isSelected(spec["podSelector"], labels),
    )
    .map(({ metadata }) => metadata.name);
  return here.flatMap(({ kind, metadata, spec }) => {
    if (kind !== "HTTPLocalRateLimitPolicy" || !isRecord(spec)) return [];
    const { targetRef, total } = spec;
    if (!isRecord(targetRef) || !servers.includes(String(targetRef["name"]))) return [];
    const tokens = isRecord(total) ? total["requestsPerSecond"] : undefined;
    if (typeof tokens !== "number") return [];
    const name = `${metadata.namespace}/${metadata.name}`;
    return [{ name, tokens, perFill: tokens, fillMs: 1_000, status: 429 }];
  });
}

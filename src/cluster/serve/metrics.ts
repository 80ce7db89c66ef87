// `/metrics`: what the API server counts about itself, under the API server's own names and labels.
// Mirrors k8s.io/apiserver 1.36 pkg/endpoints/metrics/metrics.go and pkg/storage/etcd3/metrics/metrics.go.

import { SECOND_MS } from "../../core/index.ts";
import type { Clock } from "../../core/index.ts";
import type { ApiContext } from "../api/api-context.ts";
import type { Resource } from "../api/resource.ts";
import { createHistogram, createSums } from "./prometheus-series.ts";
import type { Labels } from "./prometheus-series.ts";
import type { RequestLimits } from "./request-limits.ts";
import type { ResourcePath } from "./request-path.ts";

export interface FinishedRequest {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** As `scopeOf` has it; empty outside resources. */
  readonly scope: string;
  readonly dryRun: string;
  readonly code: number;
  /** Until its answer began, in real time. */
  readonly durationMs: number;
}

/** Verbs that are reported by another name: that of their method. */
const REPORTED: Readonly<Record<string, string>> = { create: "POST", update: "PUT" };
/** How long they take is up to their clients. */
const LONG_RUNNING: ReadonlySet<string> = new Set(["watch", "CONNECT"]);
/** Seconds (`requestLatencies`). */
const DURATION_BOUNDS: readonly number[] = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45,
  60,
];

/** What a request to a resource is about: one object, those of a namespace, or all. */
export function scopeOf({ name, namespace }: ResourcePath, isCreation: boolean): string {
  if (name !== "" || isCreation) return "resource";
  return namespace === undefined ? "cluster" : "namespace";
}

export interface RequestMetrics {
  countRequest(request: FinishedRequest): void;
  countWatchEvents(resource: Resource, count: number): void;
  watchOpened(resource: Resource, scope: string): void;
  /** Once for each that was opened. */
  watchClosed(resource: Resource, scope: string): void;
  /** Prometheus' text exposition format 0.0.4. */
  text(): string;
}

/** What is read off when somebody asks. */
export interface Measured {
  readonly api: Pick<ApiContext, "registry" | "store">;
  readonly limits: RequestLimits;
  /** Real time. */
  readonly clock: Clock;
}

export function createRequestMetrics(measured: Measured): RequestMetrics {
  const requests = createSums(
    { name: "apiserver_request_total", help: "Requests by verb, resource and code." },
    "counter",
  );
  const durations = createHistogram(
    {
      name: "apiserver_request_duration_seconds",
      help: "Seconds until the answer began, by verb and resource.",
    },
    DURATION_BOUNDS,
  );
  const events = createSums(
    { name: "apiserver_watch_events_total", help: "Events sent to watches." },
    "counter",
  );
  const watches = createSums(
    { name: "apiserver_longrunning_requests", help: "Watches that are open." },
    "gauge",
  );
  return {
    countRequest(request) {
      const labels = requestLabels(request);
      requests.add({ code: String(request.code), ...labels }, 1);
      if (LONG_RUNNING.has(request.verb)) return;
      durations.observe(labels, request.durationMs / SECOND_MS);
    },
    countWatchEvents: ({ facts: { group, version, resource } }, count) =>
      events.add({ group, version, resource }, count),
    watchOpened: (resource, scope) => watches.add(watchLabels(resource, scope), 1),
    watchClosed: (resource, scope) => watches.add(watchLabels(resource, scope), -1),
    text: () =>
      [requests, durations, events, watches, ...readOff(measured)]
        .map((series) => series.text())
        .join(""),
  };
}

function requestLabels(request: FinishedRequest): Labels {
  const { verb, group, version, resource, subresource, scope, dryRun } = request;
  return {
    component: "apiserver",
    dry_run: dryRun,
    group,
    resource,
    scope,
    subresource,
    verb: REPORTED[verb] ?? verb.toUpperCase(),
    version,
  };
}

function watchLabels({ facts: { group, version, resource } }: Resource, scope: string): Labels {
  const about = { component: "apiserver", group, resource, scope };
  return { ...about, subresource: "", verb: "WATCH", version };
}

function readOff({ api, limits, clock }: Measured) {
  return [inFlight(limits), ...objectCounts(api), ...processSeries(clock)];
}

function inFlight(limits: RequestLimits) {
  const name = "apiserver_current_inflight_requests";
  const series = createSums({ name, help: "Requests that are being answered." }, "gauge");
  series.add({ request_kind: "mutating" }, limits.taken("write"));
  series.add({ request_kind: "readOnly" }, limits.taken("read"));
  return series;
}

/** By the name of 1.33 and earlier, which dashboards know, and by today's. */
function objectCounts({ registry, store }: Measured["api"]) {
  const help = "Objects that are stored.";
  const old = createSums({ name: "apiserver_storage_objects", help }, "gauge");
  const counts = createSums({ name: "apiserver_resource_objects", help }, "gauge");
  const stored = new Map(registry.all().map((one) => [one.storeResource, one.facts]));
  for (const [storeResource, { group, resource }] of stored) {
    const count = store.count(storeResource);
    old.add({ resource: group === "" ? resource : `${resource}.${group}` }, count);
    counts.add({ group, resource }, count);
  }
  return [old, counts];
}

/** Names of Prometheus' client libraries. */
function processSeries(clock: Clock) {
  const { user, system } = process.cpuUsage();
  const values = [
    {
      name: "process_cpu_seconds_total",
      help: "Total user and system CPU time spent in seconds.",
      type: "counter",
      value: (user + system) / 1e6,
    },
    {
      name: "process_resident_memory_bytes",
      help: "Resident memory size in bytes.",
      type: "gauge",
      value: process.memoryUsage.rss(),
    },
    {
      name: "process_start_time_seconds",
      help: "Start time of the process since unix epoch in seconds.",
      type: "gauge",
      value: clock.now() / SECOND_MS - process.uptime(),
    },
  ] as const;
  return values.map(({ name, help, type, value }) => {
    const series = createSums({ name, help }, type);
    series.add({}, value);
    return series;
  });
}

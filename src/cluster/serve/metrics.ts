// `/metrics`: what the API server counts about itself, in Prometheus' text form, under the API server's own names.

import type { Resource } from "../api/resource.ts";

export interface FinishedRequest {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** `resource`, `namespace`, `cluster`; empty outside resources. */
  readonly scope: string;
  readonly dryRun: string;
  readonly code: number;
}

/** Verbs that are reported by another name: that of their method. */
const REPORTED: Readonly<Record<string, string>> = { create: "POST", update: "PUT" };

export interface RequestMetrics {
  countRequest(request: FinishedRequest): void;
  countWatchEvents(resource: Resource, count: number): void;
  watchOpened(resource: Resource): void;
  /** Once for each that was opened. */
  watchClosed(resource: Resource): void;
  /** Prometheus' text exposition format 0.0.4. */
  text(): string;
}

export function createRequestMetrics(): RequestMetrics {
  const requests = createSeries(
    "apiserver_request_total",
    "counter",
    "Requests by verb, resource and code.",
  );
  const events = createSeries("apiserver_watch_events_total", "counter", "Events sent to watches.");
  const watches = createSeries("apiserver_longrunning_requests", "gauge", "Watches that are open.");
  return {
    countRequest({ verb, group, version, resource, subresource, scope, dryRun, code }) {
      const labels = {
        code: String(code),
        component: "apiserver",
        dry_run: dryRun,
        group,
        resource,
        scope,
        subresource,
        verb: REPORTED[verb] ?? verb.toUpperCase(),
        version,
      };
      requests.add(labels, 1);
    },
    countWatchEvents: (resource, count) => events.add(labelsOf(resource), count),
    watchOpened: (resource) => watches.add({ ...labelsOf(resource), verb: "WATCH" }, 1),
    watchClosed: (resource) => watches.add({ ...labelsOf(resource), verb: "WATCH" }, -1),
    text() {
      const memory = createSeries(
        "process_resident_memory_bytes",
        "gauge",
        "Resident memory size in bytes.",
      );
      memory.add({}, process.memoryUsage.rss());
      return [requests, events, watches, memory].map((series) => series.text()).join("");
    },
  };
}

type Labels = Readonly<Record<string, string>>;

interface Series {
  add(labels: Labels, amount: number): void;
  text(): string;
}

interface Sample {
  readonly labels: Labels;
  value: number;
}

function createSeries(name: string, type: "counter" | "gauge", help: string): Series {
  const samples = new Map<string, Sample>();
  return {
    add(labels, amount) {
      // Label values hold no line breaks, and every sample of a series has the same labels in the same order.
      const key = Object.values(labels).join("\n");
      const sample = samples.get(key);
      if (sample === undefined) samples.set(key, { labels, value: amount });
      else sample.value += amount;
    },
    text() {
      const lines = [...samples.values()].map(
        ({ labels, value }) => `${name}${labelText(labels)} ${value}`,
      );
      const head = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
      return [...head, ...lines.toSorted(), ""].join("\n");
    },
  };
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function labelsOf({ facts }: Resource): Labels {
  const { group, version, kind, resource } = facts;
  return { group, version, kind, resource };
}

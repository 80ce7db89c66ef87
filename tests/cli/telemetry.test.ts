// `keelson traces` and `keelson metrics` against a runtime's port, at an instant of the test's choosing.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { createVirtualClock } from "../../src/core/index.ts";
import {
  createTelemetryStore,
  serveTelemetry,
  writeTelemetryAccess,
  type MetricRecord,
  type RunningTelemetryServer,
  type SpanRecord,
  type TelemetryStore,
} from "../../src/runtime/index.ts";
import { runKeelson, temporaryFolder } from "./run-keelson.ts";

const NOW_MS = Date.UTC(2026, 10, 27, 12, 0, 0);
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

const servers: RunningTelemetryServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** A folder with a platform of which only the telemetry runs. */
async function running(fill: (store: TelemetryStore) => void): Promise<string> {
  const clock = createVirtualClock(NOW_MS);
  const store = createTelemetryStore({ clock });
  fill(store);
  const scrapeTargets = async () => [{ job: "storefront", address: "127.64.0.1:8080" }];
  const server = await serveTelemetry({ store, clock, port: 0, token: "secret", scrapeTargets });
  servers.push(server);
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".keelson"));
  writeTelemetryAccess(join(folder, ".keelson"), server);
  return folder;
}

/** `service name` under `parent`, from the trace's `startMs` for `durationMs`. */
function span(
  spanId: string,
  parentSpanId: string | undefined,
  [service, name]: readonly [string, string],
  [startMs, durationMs]: readonly [number, number],
  error?: string,
): SpanRecord {
  return {
    traceId: TRACE,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    service,
    name,
    kind: "internal",
    startMs: NOW_MS + startMs,
    durationMs,
    ...(error === undefined ? {} : { error }),
    attributes: {},
  };
}

const ORDER: readonly SpanRecord[] = [
  span("a", undefined, ["ingress", "POST /orders"], [0, 48]),
  span("b", "a", ["storefront", "POST /orders"], [2, 44.5]),
  span("c", "b", ["storefront", "INSERT orders"], [4, 12.25]),
  span("d", "b", ["storefront", "send mail"], [18, 24]),
  span("e", "d", ["storefront", "process mail"], [60, 36], "the address does not exist"),
  span("f", "e", ["storefront", "UPDATE orders"], [62, 0.8]),
];

describe("traces", () => {
  it("draws who did what, when, and what failed", async () => {
    const folder = await running((store) => store.addSpans(ORDER));
    const { code, stdout, stderr } = await runKeelson(folder, "traces", "storefront");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(`\n${stdout}`).toMatchInlineSnapshot(`
      "
      trace 4bf92f3577b34da6a3ce929d0e0e4736  12:00:00.000Z  96.0 ms  6 spans  1 error
      ingress     POST /orders                 48.0 ms  ████████████
      storefront  └─ POST /orders              44.5 ms  ███████████
      storefront     ├─ INSERT orders          12.3 ms   ███
      storefront     └─ send mail              24.0 ms      ██████
      storefront        └─ process mail        36.0 ms                 █████████  error: the address does not exist
      storefront           └─ UPDATE orders     800 µs                 █
      "
    `);
  });

  it("shows the lines that one trace logged", async () => {
    const folder = await running((store) => {
      store.addSpans(ORDER.slice(0, 1));
      const line = { service: "storefront", atMs: NOW_MS + 5, level: "INFO", attributes: {} };
      store.addLogs([
        { ...line, message: "order placed", traceId: TRACE },
        { ...line, message: "of another trace" },
      ]);
    });
    const { stdout } = await runKeelson(folder, "traces", "--trace", "4bf9");
    expect(stdout).toMatch(/\n\n12:00:00\.005Z {2}storefront {2}INFO {3}order placed\n$/);
  });

  it("answers scripts in a versioned form", async () => {
    const folder = await running((store) => store.addSpans(ORDER));
    const { stdout } = await runKeelson(folder, "traces", "-o", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      services: ["ingress", "storefront"],
      traces: [{ traceId: TRACE, spanCount: 6, errorCount: 1, durationMs: 96 }],
    });
  });

  it.each([
    ["of an app nobody knows", ["storefrnt"], 0, "known are ingress, storefront"],
    ["with an id nobody knows", ["--trace", "ff"], 1, "no such trace is kept"],
  ])("says so when there is none %s", async (_name, args, code, says) => {
    const folder = await running((store) => store.addSpans(ORDER));
    const run = await runKeelson(folder, "traces", ...args);
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toContain(says);
  });
});

const metric = (
  about: Partial<MetricRecord> & Pick<MetricRecord, "name" | "value">,
): MetricRecord => ({
  service: "storefront",
  kind: "counter",
  unit: "",
  description: "",
  attributes: {},
  atMs: NOW_MS - 1000,
  startMs: NOW_MS - 250_000,
  ...about,
});

const SHOP: readonly MetricRecord[] = [
  metric({ name: "storefront.orders.placed", atMs: NOW_MS - 200_000, value: 30 }),
  metric({ name: "storefront.orders.placed", atMs: NOW_MS - 100_000, value: 120 }),
  metric({ name: "storefront.orders.placed", value: 150 }),
  metric({ name: "storefront.active_users", kind: "gauge", value: 7 }),
  metric({
    name: "http.server.request.duration",
    kind: "histogram",
    unit: "s",
    attributes: { "http.route": "/orders" },
    value: { count: 100, sum: 1, bounds: [0.01, 0.1, 1], counts: [50, 45, 5, 0] },
  }),
  metric({
    name: "http.server.request.duration",
    kind: "histogram",
    unit: "s",
    attributes: { "http.route": "/" },
    value: { count: 100, sum: 1, bounds: [0.01, 0.1, 1], counts: [100, 0, 0, 0] },
  }),
];

describe("metrics", () => {
  it("prints a row for each figure", async () => {
    const folder = await running((store) => store.addMetrics(SHOP));
    const { code, stdout } = await runKeelson(folder, "metrics", "storefront");
    expect(code).toBe(0);
    expect(`\n${stdout}`).toMatchInlineSnapshot(`
      "
      NAME                          VALUE  PER-SECOND      P50      P95     P99  HISTORY
      http.server.request.duration    200        0.67  6.67 ms  90.0 ms  640 ms
      storefront.active_users           7           -        -        -       -                     █
      storefront.orders.placed        150         0.5        -        -       -               █     ▃
      "
    `);
  });

  it("splits rows by an attribute", async () => {
    const folder = await running((store) => store.addMetrics(SHOP));
    const { stdout } = await runKeelson(folder, "metrics", "--by", "http.route");
    const rows = stdout.split("\n").filter((line) => line.startsWith("http."));
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 4))).toEqual([
      ["http.server.request.duration", "/", "100", "0.33"],
      ["http.server.request.duration", "/orders", "100", "0.33"],
    ]);
  });

  it("prints what a real Prometheus needs", async () => {
    const folder = await running(() => undefined);
    const { stdout } = await runKeelson(folder, "metrics", "--prometheus");
    expect(stdout).toContain("job_name: storefront");
  });

  it("says that nobody has sent any", async () => {
    const folder = await running(() => undefined);
    const run = await runKeelson(folder, "metrics");
    expect(run).toMatchObject({ code: 0, stderr: "no metrics yet: nobody has sent any\n" });
  });
});

describe("without a platform", () => {
  it.each([["traces"], ["metrics"]])("%s says how to start one", async (command) => {
    const run = await runKeelson(temporaryFolder(), command);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toContain("no platform runs on this folder");
  });

  it("says so when the one that ran is gone", async () => {
    const folder = await running(() => undefined);
    await Promise.all(servers.splice(0).map((server) => server.close()));
    const run = await runKeelson(folder, "traces");
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("does not answer at http://127.0.0.1:");
  });
});

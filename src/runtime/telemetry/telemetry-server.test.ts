// The port for real: what an SDK sends is what a question finds.

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createRealClock } from "../../core/index.ts";
import {
  readTelemetryAccess,
  removeTelemetryAccess,
  writeTelemetryAccess,
} from "./telemetry-access.ts";
import type { TracesAnswer } from "./telemetry-queries.ts";
import { serveTelemetry, type RunningTelemetryServer } from "./telemetry-server.ts";
import { createTelemetryStore } from "./telemetry-store.ts";
import { telemetryVariables } from "./telemetry-variables.ts";

const path = new URL("testdata/otlp-requests.json", import.meta.url);
const { traces, metrics } = JSON.parse(readFileSync(path, "utf8"));
const protobuf = Buffer.from(traces.protobuf, "base64");
const json = Buffer.from(JSON.stringify(traces.json));
const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

const clock = createRealClock();
let store = createTelemetryStore({ clock });
let server: RunningTelemetryServer;
beforeAll(async () => {
  server = await serveTelemetry({
    // Each test looks at a store of its own.
    store: {
      addSpans: (spans) => store.addSpans(spans),
      addLogs: (logs) => store.addLogs(logs),
      addMetrics: (records) => store.addMetrics(records),
      spans: () => store.spans(),
      logs: () => store.logs(),
      series: () => store.series(),
    },
    clock,
    port: 0,
    token: "secret",
    scrapeTargets: async () => [
      { job: "shop", address: "127.64.0.1:8080", labels: { pod: "shop-1" } },
      { job: "shop", address: "127.64.0.2:8080", labels: { pod: "shop-2" } },
    ],
  });
});
afterAll(() => server.close());

const authorization = "Bearer secret";

function post(
  signal: string,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  store = createTelemetryStore({ clock });
  const init = {
    method: "POST",
    headers: { authorization, ...headers },
    body: new Uint8Array(body),
  };
  return fetch(`${server.url}/v1/${signal}`, init);
}

const get = (target: string): Promise<Response> =>
  fetch(`${server.url}${target}`, { headers: { authorization } });

describe("OTLP over HTTP", () => {
  it.each([
    ["protobuf", protobuf, { "content-type": PROTOBUF }],
    ["JSON", json, { "content-type": `${JSON_TYPE}; charset=utf-8` }],
    [
      "compressed protobuf",
      gzipSync(protobuf),
      { "content-type": PROTOBUF, "content-encoding": "gzip" },
    ],
  ])("takes %s and answers in the same form", async (_name, body, headers) => {
    const answer = await post("traces", body, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(headers["content-type"].split(";")[0]);
    expect(await answer.text()).toBe(headers["content-type"] === PROTOBUF ? "" : "{}");
    expect(store.spans().map(({ name }) => name)).toEqual(["SELECT orders", "GET /orders/:id"]);
  });

  it("says how many made no sense", async () => {
    const spans = [{ traceId: "0", spanId: "0" }];
    const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
    const answer = await post("traces", body, { "content-type": JSON_TYPE });
    expect(await answer.json()).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
  });

  it.each([
    ["another type", "traces", json, { "content-type": "text/plain" }, 415],
    [
      "another compression",
      "traces",
      json,
      { "content-type": JSON_TYPE, "content-encoding": "br" },
      415,
    ],
    ["JSON that is none", "traces", Buffer.from("{"), { "content-type": JSON_TYPE }, 400],
    [
      "protobuf that is none",
      "traces",
      Buffer.from([0x0a, 0x7f]),
      { "content-type": PROTOBUF },
      400,
    ],
    [
      "a body not compressed as it says",
      "traces",
      json,
      { "content-type": JSON_TYPE, "content-encoding": "gzip" },
      400,
    ],
    [
      "a bomb",
      "traces",
      gzipSync(Buffer.alloc(17 * 1024 * 1024)),
      { "content-type": JSON_TYPE, "content-encoding": "gzip" },
      413,
    ],
    ["another signal", "profiles", json, { "content-type": JSON_TYPE }, 404],
    ["no token", "traces", json, { "content-type": JSON_TYPE, authorization: "Bearer other" }, 401],
  ])("refuses %s", async (_name, signal, body, headers, status) => {
    expect((await post(signal, body, headers)).status).toBe(status);
    expect(store.spans()).toEqual([]);
  });
});

describe("questions", () => {
  it("find the trace as a tree", async () => {
    await post("traces", protobuf, { "content-type": PROTOBUF });
    const answer = (await (await get("/traces?service=shop")).json()) as TracesAnswer;
    expect(answer).toMatchObject({
      version: 1,
      services: ["shop"],
      traces: [
        { spanCount: 2, roots: [{ name: "GET /orders/:id", children: [{ error: "gone" }] }] },
      ],
    });
    const other = (await (await get("/traces?service=other")).json()) as TracesAnswer;
    expect(other.traces).toEqual([]);
  });

  it("find metrics and a configuration for Prometheus", async () => {
    // The recorded points are of another day; one alone has a value and no rate.
    const body = Buffer.from(
      JSON.stringify(metrics.json).replaceAll(
        /"timeUnixNano":"\d+"/g,
        `"timeUnixNano":"${clock.now()}000000"`,
      ),
    );
    await post("metrics", body, { "content-type": JSON_TYPE });
    const answer: unknown = await (await get("/metrics?service=shop&steps=3")).json();
    expect(answer).toMatchObject({
      rows: [
        { name: "active", value: -2 },
        { name: "duration", value: 4 },
        { name: "orders.placed", value: 3, history: [null, null, null] },
        { name: "users", value: 1.5 },
      ],
    });
    expect(await (await get("/prometheus.yml")).text()).toMatchInlineSnapshot(`
      "global:
        scrape_interval: 5s
        evaluation_interval: 5s
      scrape_configs:
        - job_name: shop
          metrics_path: /metrics
          static_configs:
            - targets:
                - 127.64.0.1:8080
              labels:
                pod: shop-1
            - targets:
                - 127.64.0.2:8080
              labels:
                pod: shop-2
      "
    `);
  });

  it("are refused without the token, and where nothing is", async () => {
    expect((await fetch(`${server.url}/traces`)).status).toBe(401);
    expect((await get("/nothing")).status).toBe(404);
  });
});

describe("access", () => {
  it("is a file of one person while the platform runs", () => {
    const folder = mkdtempSync(join(tmpdir(), "keelson-telemetry-"));
    writeTelemetryAccess(folder, server);
    expect(readTelemetryAccess(folder)).toEqual({ url: server.url, token: "secret" });
    expect(statSync(join(folder, "telemetry.json")).mode & 0o777).toBe(0o600);
    removeTelemetryAccess(folder);
    expect(readTelemetryAccess(folder)).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  it("is told to a process by the variables every SDK reads", () => {
    const sender = { service: "shop", platform: "harbour", namespace: "shop", pod: "shop-1" };
    expect(
      telemetryVariables({ url: "http://127.0.0.1:4318", token: "a/b" }, sender),
    ).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20a%2Fb",
      OTEL_SERVICE_NAME: "shop",
      OTEL_RESOURCE_ATTRIBUTES:
        "service.namespace=harbour,service.instance.id=shop-1,k8s.namespace.name=shop,k8s.pod.name=shop-1",
    });
  });
});

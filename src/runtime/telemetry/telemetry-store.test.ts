import { describe, expect, it } from "vitest";

import { createVirtualClock } from "../../core/index.ts";
import { readLogLine } from "./log-record.ts";
import { processLogRecord } from "./process-log-record.ts";
import type { MetricRecord } from "./metric-record.ts";
import type { SpanRecord } from "./span-record.ts";
import { createTelemetryStore } from "./telemetry-store.ts";

const span = (spanId: string): SpanRecord => ({
  traceId: "t",
  spanId,
  service: "shop",
  name: "work",
  kind: "internal",
  startMs: 0,
  durationMs: 1,
  attributes: {},
});

const metric = (name: string, atMs: number, value = 1): MetricRecord => ({
  service: "shop",
  name,
  kind: "counter",
  unit: "",
  description: "",
  attributes: {},
  atMs,
  value,
});

describe("createTelemetryStore", () => {
  it("forgets what is older than it keeps", async () => {
    const clock = createVirtualClock(1000);
    const store = createTelemetryStore({ clock, keepMs: 60_000 });
    store.addSpans([span("a")]);
    store.addMetrics([metric("m", clock.now())]);
    await clock.advanceTo(60_000);
    store.addSpans([span("b")]);
    expect(store.spans().map(({ spanId }) => spanId)).toEqual(["a", "b"]);
    await clock.advanceTo(62_000);
    expect(store.spans().map(({ spanId }) => spanId)).toEqual(["b"]);
    expect(store.series()).toEqual([]);
  });

  it("keeps the newest of too many, and no more", () => {
    const store = createTelemetryStore({ clock: createVirtualClock(0), spansMax: 3 });
    store.addSpans(Array.from({ length: 10 }, (_, index) => span(String(index))));
    expect(store.spans().map(({ spanId }) => spanId)).toEqual(["7", "8", "9"]);
  });

  it("refuses new series beyond the limit while the known ones go on", () => {
    const store = createTelemetryStore({ clock: createVirtualClock(5000), seriesMax: 2 });
    store.addMetrics([
      metric("a", 5000),
      metric("b", 5000),
      metric("c", 5000),
      metric("a", 6000, 2),
    ]);
    const names = store.series().map(({ name, points }) => [name, points.length]);
    expect(names).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
  });

  it("keeps one point of a second", () => {
    const store = createTelemetryStore({ clock: createVirtualClock(5000) });
    store.addMetrics([metric("a", 5000, 1), metric("a", 5900, 2), metric("a", 6000, 3)]);
    expect(store.series()[0]?.points).toEqual([
      { atMs: 5900, value: 2 },
      { atMs: 6000, value: 3 },
    ]);
  });
});

describe("readLogLine", () => {
  const writer = { service: "shop", instance: "shop-1", atMs: 1 };

  it.each([
    [
      "a line of JSON",
      '{"level":"warn","message":"slow","trace_id":"ab","span_id":"cd","more":1}',
      { level: "WARN", message: "slow", traceId: "ab", spanId: "cd" },
    ],
    [
      "the names of another logger",
      '{"severity":"INFO","msg":"up"}',
      { level: "INFO", message: "up" },
    ],
    ["plain text", "listening on 8080", { message: "listening on 8080" }],
    ["JSON that is cut off", '{"message":', { message: '{"message":' }],
    ["a number as level", '{"level":30,"msg":"up"}', { message: "up" }],
  ])("reads %s", (_name, line, expected) => {
    expect(readLogLine(line, writer)).toEqual({ ...writer, attributes: {}, ...expected });
  });
});

describe("processLogRecord", () => {
  it("names the app and the pod", () => {
    const metadata = { name: "shop-1", labels: { "app.kubernetes.io/name": "shop" } };
    const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] } };
    const line = { pod, container: "main", at: 5, text: '{"message":"up"}' };
    expect(processLogRecord(line)).toMatchObject({
      service: "shop",
      instance: "shop-1",
      atMs: 5,
      message: "up",
    });
  });
});

// Requests of a real SDK in both forms (testdata/otlp-requests.json), and requests that make no sense.

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { WireFormatError } from "../../core/index.ts";
import { decodeOtlp, OtlpFormatError } from "./decode-otlp.ts";
import { readOtlpLogs, readOtlpMetrics, readOtlpSpans } from "./read-otlp.ts";

interface BothForms {
  readonly protobuf: string;
  readonly json: unknown;
}

type Recorded = Readonly<Record<"traces" | "metrics" | "logs", BothForms>>;

const path = new URL("testdata/otlp-requests.json", import.meta.url);
const recorded: Recorded = JSON.parse(readFileSync(path, "utf8"));
const bytes = ({ protobuf }: BothForms): Buffer => Buffer.from(protobuf, "base64");

describe("both forms of a request", () => {
  it("bring the same spans", () => {
    const { records, rejected } = readOtlpSpans(decodeOtlp(bytes(recorded.traces), "TraceRequest"));
    expect(readOtlpSpans(recorded.traces.json)).toEqual({ records, rejected });
    const [child, root] = records;
    expect(root).toEqual({
      traceId: child?.traceId,
      spanId: child?.parentSpanId,
      service: "shop",
      instance: "shop-1",
      name: "GET /orders/:id",
      kind: "server",
      startMs: 1790000000123.456,
      durationMs: expect.closeTo(6.544, 3),
      attributes: {
        "http.response.status_code": 200,
        ratio: 0.5,
        ok: true,
        neg: -7,
        names: '["a","b"]',
        unicode: "Grüße",
      },
    });
    expect(child).toMatchObject({ kind: "client", error: "gone", durationMs: 2.5 });
  });

  it("bring the same metrics", () => {
    const message = decodeOtlp(bytes(recorded.metrics), "MetricsRequest");
    const { records, rejected } = readOtlpMetrics(message);
    expect(readOtlpMetrics(recorded.metrics.json)).toEqual({ records, rejected });
    expect(records.map(({ name, kind, value }) => [name, kind, value])).toEqual([
      ["orders.placed", "counter", 3],
      ["active", "level", -2],
      ["users", "gauge", 1.5],
      [
        "duration",
        "histogram",
        { count: 4, sum: expect.closeTo(2.55, 6), bounds: [0.1, 0.5, 1], counts: [1, 2, 0, 1] },
      ],
    ]);
    expect(records[0]).toMatchObject({ unit: "{order}", attributes: { product: "rope" } });
  });

  it("bring the same logs", () => {
    const { records, rejected } = readOtlpLogs(decodeOtlp(bytes(recorded.logs), "LogsRequest"));
    expect(readOtlpLogs(recorded.logs.json)).toEqual({ records, rejected });
    expect(records.map(({ level, message, atMs }) => [level, message, atMs])).toEqual([
      ["WARN", "slow", 1790000000500],
      [undefined, '{"a":[1,"x"]}', 1790000000600],
    ]);
    expect(records[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("readOtlpSpans", () => {
  const good = {
    traceId: "0AF7651916CD43DD8448EB211C80319C",
    spanId: "b7ad6b7169203331",
    startTimeUnixNano: 1_790_000_000_000_000_000,
    endTimeUnixNano: "1790000000001000000",
  };
  const request = (span: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

  it("reads numbers in either form and names who has no name", () => {
    const { records } = readOtlpSpans(request({ ...good, unknownField: 1 }));
    expect(records).toMatchObject([
      { traceId: "0af7651916cd43dd8448eb211c80319c", service: "unknown_service", durationMs: 1 },
    ]);
  });

  it.each([
    ["a trace id of zeros", { traceId: "0".repeat(32) }],
    ["a short span id", { spanId: "b7ad" }],
    ["an id that is no hexadecimal", { spanId: "x7ad6b7169203331" }],
    ["no start", { startTimeUnixNano: undefined }],
    ["an end that is no number", { endTimeUnixNano: "soon" }],
  ])("rejects %s and keeps the rest", (_name, wrong) => {
    expect(readOtlpSpans(request({ ...good, ...wrong }))).toEqual({ records: [], rejected: 1 });
  });

  it.each([[null], [[]], ["text"], [{ resourceSpans: "no" }], [{ resourceSpans: [{}, 1] }]])(
    "finds nothing in %j",
    (value) => {
      expect(readOtlpSpans(value)).toEqual({ records: [], rejected: 0 });
    },
  );
});

describe("decodeOtlp", () => {
  const nested = (depth: number): Buffer => {
    let value = Buffer.alloc(0);
    // AnyValue.arrayValue = 5 holds ArrayValue.values = 1, and so on; lengths stay below 128.
    for (let level = 0; level < depth; level += 1)
      value = Buffer.concat([Buffer.from([level % 2 === 0 ? 0x0a : 0x2a, value.length]), value]);
    return value;
  };

  it.each([
    ["bytes that end too early", Buffer.from([0x0a, 0x05, 0x01]), WireFormatError],
    ["text where a message belongs", Buffer.from([0x08, 0x01]), OtlpFormatError],
  ])("refuses %s", (_name, message, error) => {
    expect(() => decodeOtlp(message, "TraceRequest")).toThrow(error);
  });

  it("refuses values nested without end", () => {
    expect(() => decodeOtlp(nested(60), "AnyValue")).toThrow(OtlpFormatError);
    expect(() => decodeOtlp(nested(20), "AnyValue")).not.toThrow();
  });
});

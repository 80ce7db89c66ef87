import { describe, expect, it } from "vitest";

import type { SpanRecord } from "./span-record.ts";
import { findTraces, type SpanTree, type TraceQuery } from "./trace-trees.ts";

/** `id<parent` from `startMs` for `durationMs`; ids are letters. */
function span(
  id: string,
  at: readonly [number, number],
  more: Partial<SpanRecord> = {},
): SpanRecord {
  const [spanId = "", parentSpanId] = id.split("<");
  const [startMs, durationMs] = at;
  return {
    traceId: "t1",
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    service: "shop",
    name: spanId,
    kind: "internal",
    startMs,
    durationMs,
    attributes: {},
    ...more,
  };
}

const draw = (trees: readonly SpanTree[]): string =>
  trees
    .map(({ name, children }) => (children.length === 0 ? name : `${name}(${draw(children)})`))
    .join(" ");

const query = (more: Partial<TraceQuery> = {}): TraceQuery => ({ limit: 10, ...more });

describe("findTraces", () => {
  it.each([
    ["children by time", [span("c<a", [5, 1]), span("b<a", [2, 1]), span("a", [0, 9])], "a(b c)"],
    ["a parent that never came", [span("b<x", [1, 1]), span("a", [0, 1])], "a b"],
    ["a span sent twice", [span("a", [0, 1]), span("b<a", [0, 1]), span("b<a", [0, 1])], "a(b)"],
    ["spans that name each other", [span("a<b", [0, 1]), span("b<a", [1, 1])], "a(b)"],
    ["a span that names itself", [span("a<a", [0, 1])], "a"],
  ])("draws %s", (_name, spans, tree) => {
    expect(findTraces(spans, query()).map(({ roots }) => draw(roots))).toEqual([tree]);
  });

  it("measures to the last end, also of what a message started", () => {
    const spans = [
      span("a", [100, 10]),
      span("b<a", [150, 30], { service: "worker", error: "gone" }),
    ];
    expect(findTraces(spans, query())).toMatchObject([
      {
        startMs: 100,
        durationMs: 80,
        spanCount: 2,
        errorCount: 1,
        services: ["shop", "worker"],
      },
    ]);
  });

  it("finds the newest first, by service, by error and by the beginning of the id", () => {
    const spans = [
      span("a", [1, 1], { traceId: "aa" }),
      span("b", [3, 1], { traceId: "ab", service: "worker" }),
      span("c", [2, 1], { traceId: "bc", error: "" }),
    ];
    const ids = (more: Partial<TraceQuery>): string[] =>
      findTraces(spans, query(more)).map(({ traceId }) => traceId);
    expect(ids({})).toEqual(["ab", "bc", "aa"]);
    expect(ids({ limit: 1 })).toEqual(["ab"]);
    expect(ids({ service: "shop" })).toEqual(["bc", "aa"]);
    expect(ids({ onlyErrors: true })).toEqual(["bc"]);
    expect(ids({ traceId: "a" })).toEqual(["ab", "aa"]);
  });
});

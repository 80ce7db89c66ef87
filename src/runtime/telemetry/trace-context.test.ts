// Headers from W3C Trace Context, https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers.

import { describe, expect, it } from "vitest";

import { createRng } from "../../core/index.ts";
import { childContext, formatTraceparent, parseTraceparent } from "./trace-context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("parseTraceparent", () => {
  it.each([
    ["sampled", `00-${TRACE}-${SPAN}-01`, true],
    ["not sampled", `00-${TRACE}-${SPAN}-00`, false],
    ["a later version with more fields", `01-${TRACE}-${SPAN}-01-more`, true],
  ])("reads %s", (_name, header, isSampled) => {
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled });
  });

  it.each([
    ["nothing", undefined],
    ["the forbidden version", `ff-${TRACE}-${SPAN}-01`],
    ["a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["a span of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["upper case", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["something else", "b3"],
  ])("ignores %s", (_name, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe("childContext", () => {
  const rng = createRng("trace-context");

  it("stays in the parent's trace, with a span of its own", () => {
    const child = childContext({ traceId: TRACE, spanId: SPAN, isSampled: false }, rng);
    expect(child).toEqual({
      traceId: TRACE,
      spanId: expect.not.stringMatching(SPAN),
      isSampled: false,
    });
  });

  it("starts a trace that the next one reads", () => {
    const first = childContext(undefined, rng);
    expect(parseTraceparent(formatTraceparent(first))).toEqual(first);
    expect(first.isSampled).toBe(true);
  });
});

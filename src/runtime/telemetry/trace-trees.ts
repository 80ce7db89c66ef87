// Spans as people read them: one tree per trace, children by time. A span whose parent never arrived stands at the top.

import { groupBy } from "../../core/index.ts";
import type { SpanRecord } from "./span-record.ts";

export interface SpanTree extends SpanRecord {
  /** By start. */
  readonly children: readonly SpanTree[];
}

export interface Trace {
  readonly traceId: string;
  readonly startMs: number;
  /** From the first start to the last end: work that follows a message may come long after the answer. */
  readonly durationMs: number;
  readonly spanCount: number;
  readonly errorCount: number;
  /** In order of first appearance. */
  readonly services: readonly string[];
  /** Usually one. */
  readonly roots: readonly SpanTree[];
}

export interface TraceQuery {
  /** Only traces in which this service took part. */
  readonly service?: string;
  /** The beginning of a trace's id. */
  readonly traceId?: string;
  readonly onlyErrors?: boolean;
  readonly limit: number;
}

/** Newest first. */
export function findTraces(spans: readonly SpanRecord[], query: TraceQuery): readonly Trace[] {
  const { service, traceId, onlyErrors, limit } = query;
  const wanted = spans.filter((span) => traceId === undefined || span.traceId.startsWith(traceId));
  return [...groupBy(wanted, (span) => span.traceId).values()]
    .filter((members) => service === undefined || members.some((span) => span.service === service))
    .filter((members) => onlyErrors !== true || members.some(({ error }) => error !== undefined))
    .map(buildTrace)
    .toSorted((a, b) => b.startMs - a.startMs || (a.traceId < b.traceId ? -1 : 1))
    .slice(0, limit);
}

function buildTrace(members: readonly SpanRecord[]): Trace {
  const spans = lastOfEach(members).toSorted(byStart);
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const endMs = Math.max(...spans.map((span) => span.startMs + span.durationMs));
  return {
    traceId: spans[0]?.traceId ?? "",
    startMs,
    durationMs: endMs - startMs,
    spanCount: spans.length,
    errorCount: spans.filter(({ error }) => error !== undefined).length,
    services: [...new Set(spans.map(({ service }) => service))],
    roots: buildTrees(spans),
  };
}

/** A sender that hears no answer sends again. */
function lastOfEach(members: readonly SpanRecord[]): readonly SpanRecord[] {
  return [...new Map(members.map((span) => [span.spanId, span])).values()];
}

function buildTrees(spans: readonly SpanRecord[]): readonly SpanTree[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = groupBy(spans, ({ parentSpanId }) => parentSpanId ?? "");
  const placed = new Set<string>();
  const build = (span: SpanRecord): SpanTree => {
    placed.add(span.spanId);
    // A cycle cannot be drawn; whoever made it up sees each span once.
    const below = (children.get(span.spanId) ?? []).filter(({ spanId }) => !placed.has(spanId));
    return { ...span, children: below.map(build) };
  };
  const tops = spans.filter(({ parentSpanId = "" }) => !known.has(parentSpanId)).map(build);
  const inCycles = spans.flatMap((span) => (placed.has(span.spanId) ? [] : [build(span)]));
  return [...tops, ...inCycles].toSorted(byStart);
}

function byStart(a: SpanRecord, b: SpanRecord): number {
  return a.startMs - b.startMs || (a.spanId < b.spanId ? -1 : 1);
}

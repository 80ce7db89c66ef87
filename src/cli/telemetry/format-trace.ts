// One trace as text: a head line, then a line for each span with its service, its place in the tree, how long it took, and
// a bar that shows when.

import type { LogRecord, SpanTree, Trace } from "../../runtime/index.ts";
import { formatMilliseconds } from "./format-milliseconds.ts";

const BAR_WIDTH = 24;

interface Row {
  readonly service: string;
  /** With its branches. */
  readonly name: string;
  readonly span: SpanTree;
}

export function formatTrace(trace: Trace): string {
  const rows = trace.roots.flatMap((root) => drawTree(root, "", ""));
  const serviceWidth = Math.max(...rows.map(({ service }) => service.length));
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ service, name, span }) => {
    const duration = formatMilliseconds(span.durationMs).padStart(9);
    const bar = drawBar(span, trace);
    const error = describeError(span);
    const text = `${service.padEnd(serviceWidth)}  ${name.padEnd(nameWidth)}  ${duration}  ${bar}  ${error}`;
    return `${text.trimEnd()}\n`;
  });
  return `${headLine(trace)}\n${lines.join("")}`;
}

function headLine({ traceId, startMs, durationMs, spanCount, errorCount }: Trace): string {
  const errors = errorCount === 0 ? [] : [counted(errorCount, "error")];
  return [
    `trace ${traceId}`,
    formatTime(startMs),
    formatMilliseconds(durationMs),
    counted(spanCount, "span"),
    ...errors,
  ].join("  ");
}

/** `lead` stands before the span itself, `indent` before what is below it. */
function drawTree(span: SpanTree, lead: string, indent: string): readonly Row[] {
  const { children, service, name } = span;
  const last = children.length - 1;
  return [
    { service, name: `${lead}${name}`, span },
    ...children.flatMap((child, index) =>
      drawTree(
        child,
        `${indent}${index === last ? "└─ " : "├─ "}`,
        `${indent}${index === last ? "   " : "│  "}`,
      ),
    ),
  ];
}

function drawBar({ startMs, durationMs }: SpanTree, trace: Trace): string {
  const columns = BAR_WIDTH / Math.max(trace.durationMs, Number.MIN_VALUE);
  const from = Math.min(BAR_WIDTH - 1, Math.floor((startMs - trace.startMs) * columns));
  const length = Math.max(1, Math.min(BAR_WIDTH - from, Math.round(durationMs * columns)));
  return `${" ".repeat(from)}${"█".repeat(length)}`.padEnd(BAR_WIDTH);
}

function describeError({ error }: SpanTree): string {
  if (error === undefined) return "";
  return error === "" ? "error" : `error: ${error.split("\n")[0] ?? ""}`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** Oldest first, as a person reads a log; nothing for no lines. */
export function formatLogs(logs: readonly LogRecord[]): string {
  const lines = logs.map(({ atMs, service, level = "", message }) =>
    `${formatTime(atMs)}  ${service}  ${level.padEnd(5)}  ${message}`.trimEnd(),
  );
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}

/** `2026-11-27T02:17:35.123Z` → `02:17:35.123Z`: what is kept is minutes old. */
function formatTime(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(11);
}

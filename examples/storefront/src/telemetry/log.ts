// One JSON object per line on standard output, with the ids of the trace it belongs to.

import { trace } from "@opentelemetry/api";

type Level = "info" | "warn" | "error";
type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

function write(level: Level, message: string, fields: Fields = {}): void {
  const span = trace.getActiveSpan()?.spanContext();
  const ids = span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
  const line = { time: new Date().toISOString(), level, message, ...ids, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export const log: Log = {
  info: (message, fields) => write("info", message, fields),
  warn: (message, fields) => write("warn", message, fields),
  error: (message, fields) => write("error", message, fields),
};

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

// One line of a log as the runtime keeps it. Comes by OTLP, or as a line that a process wrote: JSON lines keep their level,
// message and trace.

import { isRecord } from "../../core/index.ts";
import type { Attributes } from "./span-record.ts";

export interface LogRecord {
  readonly service: string;
  readonly instance?: string;
  /** Since the Unix epoch. */
  readonly atMs: number;
  /** As the writer called it, upper-case: `INFO`, `WARN`. */
  readonly level?: string;
  readonly message: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes: Attributes;
}

const MESSAGE_NAMES = ["message", "msg"];
const LEVEL_NAMES = ["level", "severity"];
const TRACE_NAMES = ["trace_id", "traceId"];
const SPAN_NAMES = ["span_id", "spanId"];

/** A line of a process's output; what is no JSON object is a message as a whole. */
export function readLogLine(
  line: string,
  writer: Pick<LogRecord, "service" | "instance" | "atMs">,
): LogRecord {
  const fields = parseFields(line);
  const text = (names: readonly string[]): string | undefined => {
    const value = names.map((name) => fields?.[name]).find((found) => found !== undefined);
    return typeof value === "string" ? value : undefined;
  };
  const level = text(LEVEL_NAMES);
  const traceId = text(TRACE_NAMES);
  const spanId = text(SPAN_NAMES);
  return {
    ...writer,
    message: text(MESSAGE_NAMES) ?? line,
    ...(level === undefined ? {} : { level: level.toUpperCase() }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    attributes: {},
  };
}

function parseFields(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

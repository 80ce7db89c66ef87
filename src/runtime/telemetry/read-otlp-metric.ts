// One instrument of OTLP's JSON form → its points. Exponential histograms and summaries are not kept: the SDKs send them only
// when asked to.

import { isRecord } from "../../core/index.ts";
import type { HistogramValue, MetricKind, MetricRecord } from "./metric-record.ts";
import { readAttributes, readInstantMs, readList, readNumber } from "./read-otlp-value.ts";

const DELTA = 1;

/** Undefined for each point that makes no sense. */
export function readMetric(
  metric: Record<string, unknown>,
  sender: Pick<MetricRecord, "service" | "instance">,
): readonly (MetricRecord | undefined)[] {
  const { name, unit, description } = metric;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const about = { ...sender, name: text(name), unit: text(unit), description: text(description) };
  for (const form of ["gauge", "sum", "histogram"] as const) {
    const data = metric[form];
    if (!isRecord(data)) continue;
    const kind = kindOf(form, data);
    const isDelta = Number(data["aggregationTemporality"] ?? 0) === DELTA;
    return readList(data, "dataPoints").map((point) =>
      readPoint(point, { ...about, kind }, isDelta),
    );
  }
  return [];
}

function kindOf(form: "gauge" | "sum" | "histogram", data: Record<string, unknown>): MetricKind {
  if (form !== "sum") return form;
  return data["isMonotonic"] === true ? "counter" : "level";
}

function readPoint(
  point: Record<string, unknown>,
  about: Omit<MetricRecord, "atMs" | "value" | "attributes">,
  isDelta: boolean,
): MetricRecord | undefined {
  const atMs = readInstantMs(point["timeUnixNano"]);
  const startMs = readInstantMs(point["startTimeUnixNano"]);
  const value =
    about.kind === "histogram"
      ? readHistogram(point)
      : readNumber(point["asInt"] ?? point["asDouble"]);
  if (atMs === undefined || value === undefined) return undefined;
  return {
    ...about,
    attributes: readAttributes(point["attributes"]),
    atMs,
    ...(startMs === undefined ? {} : { startMs }),
    value,
    ...(isDelta ? { isDelta } : {}),
  };
}

function readHistogram(point: Record<string, unknown>): HistogramValue | undefined {
  const count = readNumber(point["count"]);
  const bounds = readNumbers(point["explicitBounds"]);
  const counts = readNumbers(point["bucketCounts"]);
  if (count === undefined || bounds === undefined || counts === undefined) return undefined;
  if (counts.length > 0 && counts.length !== bounds.length + 1) return undefined;
  return { count, sum: readNumber(point["sum"]) ?? 0, bounds, counts };
}

/** An absent list is empty. */
function readNumbers(list: unknown): readonly number[] | undefined {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return undefined;
  const numbers = list.map(readNumber).filter((number) => number !== undefined);
  return numbers.length === list.length ? numbers : undefined;
}

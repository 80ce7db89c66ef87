// The results as a table for people and as JSON for machines.

import type { Unit } from "./case.ts";
import { atBudgetPace, holds } from "./pace.ts";

/** All measured values of one contender in one row. */
export interface Series {
  readonly label: string;
  readonly values: readonly number[];
}

export interface Result {
  readonly case: string;
  readonly what: string;
  readonly unit: Unit;
  /** Why there is no figure, when there is none. */
  readonly keelson: Series | string;
  readonly budget?: number;
  /** How much longer than where the budgets were set everything took during these runs. */
  readonly pace?: number;
  readonly peer?: Series | string;
  readonly reference?: string;
}

const HEADER = ["what", "keelson", "budget", "at its pace", "peer", "ratio"];

export function formatTable(results: readonly Result[]): string {
  const rows = [HEADER, ...results.map(formatRow)];
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "),
  );
  return lines.map((line) => line.trimEnd()).join("\n");
}

function formatRow(result: Result): readonly string[] {
  const { what, unit, keelson, budget, peer, reference } = result;
  return [
    what,
    formatSeries(keelson, unit),
    budget === undefined ? "–" : formatValue(budget, unit),
    formatVerdict(result),
    [formatPeer(peer, unit), reference].filter((text) => text !== undefined).join("; ") || "–",
    formatRatio(keelson, peer, unit),
  ];
}

/** What the median comes to where the budget was set, and whether that is within it. */
function formatVerdict({ keelson, unit, budget, pace }: Result): string {
  if (budget === undefined || pace === undefined || typeof keelson === "string") return "–";
  const value = atBudgetPace(summarise(keelson.values, unit).median, unit, pace);
  return `${formatValue(value, unit)} ${holds(value, unit, budget) ? "holds" : "missed"}`;
}

function formatPeer(peer: Result["peer"], unit: Unit): string | undefined {
  if (peer === undefined) return undefined;
  return typeof peer === "string" ? peer : `${peer.label} ${formatSeries(peer, unit)}`;
}

function formatSeries(series: Series | string, unit: Unit): string {
  if (typeof series === "string") return series;
  const { median, best } = summarise(series.values, unit);
  const one = formatValue(median, unit);
  return series.values.length === 1 || unit === "count"
    ? one
    : `${one} (${formatValue(best, unit)})`;
}

/** How many times better Keelson's median is. */
function formatRatio(keelson: Series | string, peer: Result["peer"], unit: Unit): string {
  if (typeof keelson === "string" || peer === undefined || typeof peer === "string") return "–";
  if (unit === "count") return "–";
  const [own, other] = [
    summarise(keelson.values, unit).median,
    summarise(peer.values, unit).median,
  ];
  const ratio = unit === "per second" ? own / other : other / own;
  return `${ratio.toFixed(1)}×`;
}

export function summarise(
  values: readonly number[],
  unit: Unit,
): { readonly median: number; readonly best: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  return { median, best: (unit === "per second" ? sorted.at(-1) : sorted[0]) ?? NaN };
}

export function formatValue(value: number, unit: Unit): string {
  if (unit === "ms" && value < 10 && !Number.isInteger(value)) return `${value.toFixed(2)} ms`;
  if (unit === "ms")
    return value < 100 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(2)} s`;
  if (unit === "count") return value.toLocaleString("en-US");
  if (unit === "bytes") return `${(value / 1e6).toFixed(0)} MB`;
  return `${Math.round(value).toLocaleString("en-US")}/s`;
}

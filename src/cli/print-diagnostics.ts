// Findings for people: what, where, the line itself, what it has to do with, and what to type. The format is the one the
// guide shows; `-o json` and friends are elsewhere.

import {
  formatPath,
  positionAt,
  sortDiagnostics,
  type Diagnostic,
  type Path,
  type Related,
  type Severity,
  type Span,
} from "../core/index.ts";

/** Text of the files that spans name. */
export type SourceTexts = ReadonlyMap<string, string>;

export interface RenderOptions {
  readonly colour: boolean;
  /** How many findings are shown; the others are only counted. Errors are shown first. */
  readonly max?: number;
}

/** More than a person reads; CI logs have the JSON. */
const SHOWN_MAX = 50;

/** Sorted and without repetitions; a blank line between findings, the counts at the end. Empty when there are none. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: SourceTexts,
  { colour, max = SHOWN_MAX }: RenderOptions,
): string {
  const sorted = sortDiagnostics(diagnostics);
  if (sorted.length === 0) return "";
  const shown = chooseShown(sorted, max);
  const paint = colour ? paintAnsi : (text: string): string => text;
  const blocks = shown.map((diagnostic) => renderOne(diagnostic, { sources, paint }));
  return [...blocks, renderCounts(sorted, shown.length)].join("\n");
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** The most severe ones, in the order they had. */
function chooseShown(sorted: readonly Diagnostic[], max: number): readonly Diagnostic[] {
  if (sorted.length <= max) return sorted;
  const bySeverity = SEVERITIES.flatMap((severity) =>
    sorted.filter((diagnostic) => diagnostic.severity === severity),
  );
  const kept = new Set(bySeverity.slice(0, max));
  return sorted.filter((diagnostic) => kept.has(diagnostic));
}

type Tone = Severity | "bold" | "dim" | "hint";

interface Context {
  readonly sources: SourceTexts;
  readonly paint: (text: string, tone: Tone) => string;
}

function renderOne(diagnostic: Diagnostic, context: Context): string {
  const { code, severity, path, message, hint, related = [], span } = diagnostic;
  const { paint, sources } = context;
  const lines = [
    `${paint(`${severity}[${code}]`, severity)}${paint(`: ${oneLine(message)}`, "bold")}`,
    locationLine(path, span, context),
    span === undefined ? "" : excerpt(span, sources, paint),
    ...related.map((one) => relatedLine(one, context)),
    hint === undefined ? "" : `  ${paint("hint:", "hint")} ${oneLine(hint)}`,
  ];
  return lines
    .filter((line) => line !== "")
    .map((line) => `${line}\n`)
    .join("");
}

function locationLine(path: Path, span: Span | undefined, { sources, paint }: Context): string {
  const where = [placeOf(span, sources), formatPath(path)].filter((part) => part !== "");
  return where.length === 0 ? "" : `  ${paint("-->", "dim")} ${where.join("  ")}`;
}

/** `platform.ts:38:27`, after `near` when the value itself is computed. */
function placeOf(span: Span | undefined, sources: SourceTexts): string {
  if (span === undefined) return "";
  const text = sources.get(span.file);
  const near = span.near === true ? "near " : "";
  if (text === undefined) return near + span.file;
  const { line, column } = positionAt(text, span.start);
  return `${near}${span.file}:${line}:${column}`;
}

/** A related place without a span shows its path, unless the message names it already. */
function relatedLine({ path, message, span }: Related, { sources, paint }: Context): string {
  const place = placeOf(span, sources);
  const name = formatPath(path);
  const where = place === "" && !message.includes(name) ? name : place;
  return `   ${paint("=", "dim")} ${oneLine(message)}${where === "" ? "" : `  ${where}`}`;
}

/** Columns of source shown; a longer line is cut around the place. */
const EXCERPT_WIDTH = 100;

function excerpt({ file, start }: Span, sources: SourceTexts, paint: Context["paint"]): string {
  const text = sources.get(file);
  if (text === undefined) return "";
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", start);
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).trimEnd();
  if (line.trim() === "") return "";
  const number = positionAt(text, start).line;
  const bar = paint("|", "dim");
  return `   ${bar} ${number} ${bar} ${cutAround(line, start - lineStart)}`;
}

function cutAround(line: string, column: number): string {
  const clean = line.replaceAll("\t", " ").replace(/\p{Cc}/gu, "?");
  if (clean.length <= EXCERPT_WIDTH) return clean;
  const first = Math.max(0, Math.min(column - 20, clean.length - EXCERPT_WIDTH));
  const cut = clean.slice(first, first + EXCERPT_WIDTH);
  return `${first > 0 ? "…" : ""}${cut}${first + EXCERPT_WIDTH < clean.length ? "…" : ""}`;
}

/** `2 errors, 1 warning`, and how many of them are not shown. */
function renderCounts(all: readonly Diagnostic[], shown: number): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const count = all.filter((diagnostic) => diagnostic.severity === severity).length;
    if (count === 0) return [];
    const noun = severity === "info" ? "note" : severity;
    return [`${count} ${noun}${count === 1 ? "" : "s"}`];
  });
  const hidden = all.length - shown;
  const rest = hidden === 0 ? "" : `; ${shown} are shown, ${hidden} more are not`;
  return `${counts.join(", ")}${rest}\n`;
}

/** Messages are one line; what a user typed into them may not be, or may steer a terminal. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replace(/\p{Cc}/gu, "?");
}

const CODES: Readonly<Record<Tone, string>> = {
  error: "1;31",
  warning: "1;33",
  info: "1;36",
  bold: "1",
  dim: "2",
  hint: "1;32",
};

function paintAnsi(text: string, tone: Tone): string {
  return `\u001b[${CODES[tone]}m${text}\u001b[0m`;
}

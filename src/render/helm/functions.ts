// The functions of Helm and Sprig that our own charts use; any other is an error that names it. Meanings: https://masterminds.github.io/sprig
// and https://helm.sh/docs/chart_template_guide/function_list/.

import { stringify } from "yaml";

import { deepEqual, isRecord } from "../../core/index.ts";
import { TemplateError } from "./template-error.ts";

type TemplateFunction = (...parameters: readonly unknown[]) => unknown;

export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  toYaml: (value) => stringify(value ?? null, { lineWidth: 0, version: "1.1" }).trimEnd(),
  indent: (width, text) => indent(numberOf(width), textOf(text)),
  nindent: (width, text) => `\n${indent(numberOf(width), textOf(text))}`,
  quote: (value) => (value === undefined || value === null ? "" : JSON.stringify(textOf(value))),
  default: (fallback, value) => (isTrue(value) ? value : fallback),
  dict: (...pairs) => dictionary(pairs),
  list: (...items) => items,
  index: (value, ...keys) => keys.reduce((inner, key) => memberOf(inner, key), value),
  get: (record, key) => memberOf(record, key) ?? "",
  hasKey: (record, key) => isRecord(record) && Object.hasOwn(record, textOf(key)),
  pick: (record, ...keys) => pick(recordOf(record), keys.map(textOf)),
  eq: (first, ...others) => others.some((other) => deepEqual(first, other)),
  ne: (first, second) => !deepEqual(first, second),
  not: (value) => !isTrue(value),
  and: (...values) => values.find((value) => !isTrue(value)) ?? values.at(-1),
  or: (...values) => values.find(isTrue) ?? values.at(-1),
  rest: (list) => listOf(list).slice(1),
  first: (list) => listOf(list)[0],
};

/** Go templates take false, 0, nil, empty text and empty collections for false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isRecord(value)) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== "";
}

/** As an action prints it; Helm shows nothing for a value that is not there. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TemplateError("a map or list is printed; only toYaml can do that");
}

function indent(width: number, text: string): string {
  const pad = " ".repeat(width);
  return text
    .split("\n")
    .map((line) => pad + line)
    .join("\n");
}

function memberOf(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) return value[numberOf(key)] as unknown;
  return recordOf(value)[textOf(key)];
}

function pick(record: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  return Object.fromEntries(
    keys.flatMap((key) => (Object.hasOwn(record, key) ? [[key, record[key]]] : [])),
  );
}

function dictionary(pairs: readonly unknown[]): unknown {
  const keys = pairs.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(keys.map((key, index) => [textOf(key), pairs[index * 2 + 1]]));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw new TemplateError("a map is wanted");
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError("a list is wanted");
}

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  throw new TemplateError("a number is wanted");
}

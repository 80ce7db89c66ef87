// Writes JSON values as block YAML the way a person would: two spaces, sequences at the level of their key, literal blocks
// for text of several lines, quotes only where a reader could go wrong. Own code because it is on the hot path of compile.

import {
  blockHeader,
  doubleQuoted,
  escapeUnprintable,
  fitsBlock,
  formatNumber,
  formatString,
} from "./yaml-scalar.ts";
import { manifestOrder, type KeyOrder } from "./manifest-order.ts";

export interface YamlOptions {
  /** Comment lines at the top, without `#`. */
  readonly header?: readonly string[];
  /** The order of a record's keys; default: as they stand. */
  readonly order?: KeyOrder;
}

/** Any JSON value as one document. Members that are `undefined` are left out. Ends with a line break. */
export function formatYaml(value: unknown, options: YamlOptions = {}): string {
  const writer: Writer = { text: formatHeader(options.header ?? []), order: options.order };
  if (isEmptyOrScalar(value)) writer.text += `${formatFlow(value)}\n`;
  else writeBlock(writer, value, "", []);
  return writer.text;
}

/** A Kubernetes object: fields in the order people expect, free maps sorted. */
export function formatManifest(object: unknown, options: YamlOptions = {}): string {
  return formatYaml(object, { order: manifestOrder, ...options });
}

/** Several documents separated by `---`; the header stands once at the top. */
export function formatManifests(objects: readonly unknown[], options: YamlOptions = {}): string {
  const { header = [], ...rest } = options;
  return formatHeader(header) + objects.map((object) => formatManifest(object, rest)).join("---\n");
}

function formatHeader(lines: readonly string[]): string {
  return lines
    .flatMap((line) => (LINE_BREAK.test(line) ? line.split(LINE_BREAK) : line))
    .map((line) => (line === "" ? "#\n" : `# ${line}\n`))
    .join("");
}

const LINE_BREAK = /\r\n|[\n\r\u0085\u2028\u2029]/;

interface Writer {
  text: string;
  readonly order: KeyOrder | undefined;
}

type JsonRecord = Readonly<Record<string, unknown>>;

/** A non-empty record or list, starting at the beginning of a line. */
function writeBlock(writer: Writer, value: unknown, indent: string, path: string[]): void {
  if (Array.isArray(value)) writeList(writer, value, indent, indent, path);
  else writeRecord(writer, value as JsonRecord, indent, indent, path); // Neither scalar nor list.
}

/** `lead` stands before the first entry: the indent, or what precedes it on a line such as `- `. */
function writeRecord(
  writer: Writer,
  record: JsonRecord,
  lead: string,
  indent: string,
  path: string[],
): void {
  let before = lead;
  const keys = Object.keys(record);
  for (const key of writer.order === undefined ? keys : writer.order(keys, path)) {
    const value = record[key];
    if (value === undefined) continue;
    path.push(key);
    if (key.length > KEY_MAX)
      writer.text += `${before}? ${doubleQuoted(key)}\n${indent}: ${formatFlow(value)}\n`;
    else writeEntry(writer, before + formatKey(key), value, indent, path);
    path.pop();
    before = indent;
  }
}

/** A longer key would have to be written with `?`; YAML allows 1024 characters, quotes and escapes included. */
const KEY_MAX = 150;

/** `key: value`, or `key:` and the value on the following lines. */
function writeEntry(
  writer: Writer,
  key: string,
  value: unknown,
  indent: string,
  path: string[],
): void {
  if (typeof value === "string") {
    writer.text += `${key}: `;
    writeString(writer, value, indent);
  } else if (isEmptyOrScalar(value)) {
    writer.text += `${key}: ${formatFlow(value)}\n`;
  } else {
    writer.text += `${key}:\n`;
    writeBlock(writer, value, Array.isArray(value) ? indent : `${indent}  `, path);
  }
}

function writeList(
  writer: Writer,
  list: readonly unknown[],
  lead: string,
  indent: string,
  path: string[],
): void {
  let before = `${lead}- `;
  const inner = `${indent}  `;
  path.push("[]");
  for (const item of list) {
    if (typeof item === "string") {
      writer.text += before;
      writeString(writer, item, indent);
    } else if (isEmptyOrScalar(item)) writer.text += `${before}${formatFlow(item)}\n`;
    else if (Array.isArray(item)) writeList(writer, item, before, inner, path);
    else writeRecord(writer, item as JsonRecord, before, inner, path); // Neither scalar nor list.
    before = `${indent}- `;
  }
  path.pop();
}

/** Completes the line, with a literal block one level deeper for text of several lines. */
function writeString(writer: Writer, text: string, indent: string): void {
  if (!fitsBlock(text)) {
    writer.text += `${formatString(text)}\n`;
    return;
  }
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  writer.text += `${blockHeader(text)}\n`;
  for (const line of body.split("\n")) writer.text += line === "" ? "\n" : `${indent}  ${line}\n`;
}

const keyTexts = new Map<string, string>();
const KEY_TEXTS_MAX = 10_000;

/** Keys repeat from object to object, so their texts are kept. */
function formatKey(key: string): string {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  const text = formatString(key);
  if (keyTexts.size < KEY_TEXTS_MAX) keyTexts.set(key, text);
  return text;
}

function isEmptyOrScalar(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  for (const key in value) if ((value as JsonRecord)[key] !== undefined) return false;
  return true;
}

/** On one line; anything but scalars and empty collections only after a key too long for a block. */
function formatFlow(value: unknown): string {
  if (typeof value === "string") return formatString(value);
  if (typeof value === "number") return formatNumber(value);
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  return escapeUnprintable(JSON.stringify(value));
}

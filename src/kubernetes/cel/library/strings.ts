// The extended string functions (cel-go ext/strings.go, version 2). Positions count code points.

import type { Evaluation } from "../evaluate/evaluation.ts";
import { toJson } from "../values/from-json.ts";
import { CelError, type CelValue } from "../values/value.ts";
import { formatText } from "./format-text.ts";
import type { Library } from "./overload.ts";

export const STRINGS: Library = {
  "string->charAt(int): string": (text: string, index: bigint) => {
    const letters = Array.from(text);
    return letters[inRange(index, letters.length)] ?? "";
  },
  "string->indexOf(string): int": (text: string, part: string, evaluation: Evaluation) =>
    indexOf(text, part, 0n, evaluation),
  "string->indexOf(string, int): int": indexOf,
  "string->lastIndexOf(string): int": (text: string, part: string, evaluation: Evaluation) => {
    const length = Array.from(text).length;
    if (part === "") return BigInt(length);
    return length === 0 ? -1n : lastIndexOf(text, part, BigInt(length - 1), evaluation);
  },
  "string->lastIndexOf(string, int): int": lastIndexOf,
  "string->lowerAscii(): string": (text: string, evaluation: Evaluation) => {
    evaluation.walk(text.length);
    return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  },
  "string->upperAscii(): string": (text: string, evaluation: Evaluation) => {
    evaluation.walk(text.length);
    return text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());
  },
  "string->replace(string, string): string": (
    text: string,
    part: string,
    by: string,
    evaluation: Evaluation,
  ) => replace(text, part, by, -1n, evaluation),
  "string->replace(string, string, int): string": replace,
  "string->split(string): list<string>": (
    text: string,
    separator: string,
    evaluation: Evaluation,
  ) => split(text, separator, -1n, evaluation),
  "string->split(string, int): list<string>": split,
  "string->substring(int): string": (text: string, start: bigint) => {
    const letters = Array.from(text);
    return letters.slice(inRange(start, letters.length)).join("");
  },
  "string->substring(int, int): string": (text: string, start: bigint, end: bigint) => {
    if (start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
    const letters = Array.from(text);
    return letters.slice(inRange(start, letters.length), inRange(end, letters.length)).join("");
  },
  "string->trim(): string": (text: string) =>
    text.replaceAll(/^\p{White_Space}+|\p{White_Space}+$/gu, ""),
  "list<string>->join(): string": (list: readonly CelValue[], evaluation: Evaluation) =>
    join(list, "", evaluation),
  "list<string>->join(string): string": join,
  "string->format(list<dyn>): string": formatText,
  "strings.quote(string): string": (text: string) => quote(text),
};

/** The end of the text is a position too. */
function inRange(index: bigint, length: number): number {
  if (index < 0n || index > BigInt(length)) throw new CelError(`index out of range: ${index}`);
  return Number(index);
}

function indexOf(text: string, part: string, from: bigint, evaluation: Evaluation): bigint {
  if (from < 0n) throw new CelError(`index out of range: ${from}`);
  evaluation.walk(text.length);
  const letters = Array.from(text);
  const start = from > BigInt(letters.length) ? letters.length : Number(from);
  if (part === "") return BigInt(start);
  const before = letters.slice(0, start).join("").length;
  const found = text.indexOf(part, before);
  return found < 0 ? -1n : BigInt(Array.from(text.slice(0, found)).length);
}

function lastIndexOf(text: string, part: string, from: bigint, evaluation: Evaluation): bigint {
  if (from < 0n) throw new CelError(`index out of range: ${from}`);
  evaluation.walk(text.length);
  const letters = Array.from(text);
  const isBehind = from >= BigInt(letters.length);
  if (part === "") return from > BigInt(letters.length) ? BigInt(letters.length) : from;
  if (isBehind) return -1n;
  const before = letters.slice(0, Number(from)).join("").length;
  const found = text.lastIndexOf(part, before);
  return found < 0 ? -1n : BigInt(Array.from(text.slice(0, found)).length);
}

function replace(
  text: string,
  part: string,
  by: string,
  limit: bigint,
  evaluation: Evaluation,
): string {
  evaluation.walk(text.length);
  if (limit === 0n) return text;
  const pieces = part === "" ? ["", ...Array.from(text), ""] : text.split(part);
  const count = limit < 0n ? pieces.length - 1 : Math.min(Number(limit), pieces.length - 1);
  evaluation.walk(text.length + count * by.length);
  const replaced = pieces.slice(0, count).map((piece) => piece + by);
  return replaced.join("") + pieces.slice(count).join(part);
}

function split(
  text: string,
  separator: string,
  limit: bigint,
  evaluation: Evaluation,
): readonly string[] {
  evaluation.walk(text.length);
  if (limit === 0n) return [];
  const pieces = separator === "" ? Array.from(text) : text.split(separator);
  if (limit < 0n || limit >= BigInt(pieces.length)) return pieces;
  const kept = Number(limit) - 1;
  return [...pieces.slice(0, kept), pieces.slice(kept).join(separator)];
}

function join(list: readonly CelValue[], separator: string, evaluation: Evaluation): string {
  const texts = list.map((item) => {
    if (typeof item !== "string") {
      throw new CelError(`join: invalid input: ${JSON.stringify(toJson(item))}`);
    }
    evaluation.walk(item.length + separator.length);
    return item;
  });
  return texts.join(separator);
}

const QUOTED: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

export function quote(text: string): string {
  return `"${Array.from(text)
    .map((letter) => QUOTED[letter] ?? letter)
    .join("")}"`;
}

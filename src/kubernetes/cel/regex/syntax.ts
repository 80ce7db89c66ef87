// Reads regular expressions in RE2's syntax, which is Go's (regexp/syntax). No back-references, no look-around: everything that is
// left can be matched in linear time.

import { readClass, type Test, testOfEscape } from "./classes.ts";
import { RegexError } from "./regex-error.ts";

export type Pattern =
  | { readonly is: "empty" }
  | { readonly is: "test"; readonly test: Test }
  | { readonly is: "assert"; readonly what: Assertion }
  | { readonly is: "sequence" | "choice"; readonly parts: readonly Pattern[] }
  | {
      readonly is: "repeat";
      readonly part: Pattern;
      readonly min: number;
      /** Absent: without end. */
      readonly max: number | undefined;
      readonly greedy: boolean;
    };

export type Assertion = "textStart" | "textEnd" | "lineStart" | "lineEnd" | "word" | "noWord";

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

interface Reader {
  readonly text: readonly string[];
  at: number;
  depth: number;
}

const REPEAT_MAX = 1000;
const DEPTH_MAX = 250;
const NO_FLAGS: Flags = { ignoreCase: false, multiline: false, dotAll: false, ungreedy: false };

export function readPattern(source: string): Pattern {
  const reader: Reader = { text: Array.from(source), at: 0, depth: 0 };
  const pattern = readChoice(reader, { flags: NO_FLAGS });
  if (reader.at < reader.text.length) throw new RegexError(`unexpected ): \`${source}\``);
  return pattern;
}

/** Flags may change in the middle of a group: `a(?i)b`. */
interface Scope {
  flags: Flags;
}

function readChoice(reader: Reader, scope: Scope): Pattern {
  reader.depth += 1;
  if (reader.depth > DEPTH_MAX) throw new RegexError("expression nests too deeply");
  const parts = [readSequence(reader, scope)];
  while (reader.text[reader.at] === "|") {
    reader.at += 1;
    parts.push(readSequence(reader, scope));
  }
  reader.depth -= 1;
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { is: "choice", parts };
}

function readSequence(reader: Reader, scope: Scope): Pattern {
  const parts: Pattern[] = [];
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || next === "|" || next === ")") return { is: "sequence", parts };
    parts.push(readRepeat(reader, readAtom(reader, scope), scope.flags));
  }
}

function readRepeat(reader: Reader, atom: Pattern, flags: Flags): Pattern {
  let pattern = atom;
  let before: string | undefined;
  for (;;) {
    const start = reader.at;
    const range = readRange(reader);
    if (range === undefined) return pattern;
    const isLazy = reader.text[reader.at] === "?";
    if (isLazy) reader.at += 1;
    const written = reader.text.slice(start, reader.at).join("");
    if (before !== undefined) {
      throw new RegexError(`invalid nested repetition operator: \`${before}${written}\``);
    }
    before = written;
    pattern = { is: "repeat", part: pattern, ...range, greedy: isLazy === flags.ungreedy };
    const isCounted = range.min >= 2 || (range.max ?? 0) >= 2;
    if (isCounted && !fits(pattern, REPEAT_MAX)) {
      throw new RegexError(`invalid repeat count: \`${written}\``);
    }
  }
}

/** Whether counts inside of counts come to no more than `times` together. */
function fits(pattern: Pattern, times: number): boolean {
  if (pattern.is === "sequence" || pattern.is === "choice") {
    return pattern.parts.every((part) => fits(part, times));
  }
  if (pattern.is !== "repeat" || pattern.max === 0) return true;
  const count = pattern.max ?? pattern.min;
  if (count > times) return false;
  return fits(pattern.part, count > 0 ? Math.floor(times / count) : times);
}

interface Range {
  readonly min: number;
  readonly max: number | undefined;
}

function readRange(reader: Reader): Range | undefined {
  switch (reader.text[reader.at] ?? "") {
    case "*":
      reader.at += 1;
      return { min: 0, max: undefined };
    case "+":
      reader.at += 1;
      return { min: 1, max: undefined };
    case "?":
      reader.at += 1;
      return { min: 0, max: 1 };
    case "{":
      return readCount(reader);
    default:
      return undefined;
  }
}

/** `{2}`, `{2,}`, `{2,5}`; anything else in braces is text. */
function readCount(reader: Reader): Range | undefined {
  const rest = reader.text.slice(reader.at, reader.at + 16).join("");
  const match = /^\{(\d+)(?:(,)(\d*))?\}/.exec(rest);
  if (match === null) return undefined;
  const [written, low = "0", comma, high = ""] = match;
  const min = Number(low);
  const max = comma === undefined ? min : high === "" ? undefined : Number(high);
  if (min > REPEAT_MAX || (max ?? 0) > REPEAT_MAX || (max !== undefined && max < min)) {
    throw new RegexError(`invalid repeat count: \`${written}\``);
  }
  reader.at += written.length;
  return { min, max };
}

function readAtom(reader: Reader, scope: Scope): Pattern {
  const letter = reader.text[reader.at] ?? "";
  const { flags } = scope;
  if (letter === "{" && readCount({ ...reader }) === undefined)
    return literal(reader, letter, flags);
  if ("*+?{".includes(letter)) {
    throw new RegexError(`missing argument to repetition operator: \`${operatorAt(reader)}\``);
  }
  switch (letter) {
    case "(":
      return readGroup(reader, scope);
    case "[":
      return { is: "test", test: readClass(reader, flags.ignoreCase) };
    case "\\":
      return readEscape(reader, flags);
    case ".":
      reader.at += 1;
      return { is: "test", test: flags.dotAll ? () => true : (code) => code !== 10 };
    case "^":
      reader.at += 1;
      return { is: "assert", what: flags.multiline ? "lineStart" : "textStart" };
    case "$":
      reader.at += 1;
      return { is: "assert", what: flags.multiline ? "lineEnd" : "textEnd" };
    default:
      return literal(reader, letter, flags);
  }
}

function operatorAt({ text, at }: Reader): string {
  const ahead: Reader = { text, at, depth: 0 };
  readRange(ahead);
  const end = text[ahead.at] === "?" ? ahead.at + 1 : ahead.at;
  return text.slice(at, end).join("");
}

function literal(reader: Reader, letter: string, { ignoreCase }: Flags): Pattern {
  reader.at += 1;
  return { is: "test", test: testOfLetter(letter.codePointAt(0) ?? 0, ignoreCase) };
}

function testOfLetter(code: number, ignoreCase: boolean): Test {
  if (!ignoreCase) return (other) => other === code;
  const folded = String.fromCodePoint(code).toLowerCase();
  return (other) => other === code || String.fromCodePoint(other).toLowerCase() === folded;
}

function readGroup(reader: Reader, scope: Scope): Pattern {
  const open = reader.text.slice(reader.at).join("");
  const { written, flags, isAlone } = readHead(open, scope.flags);
  reader.at += Array.from(written).length;
  if (isAlone) {
    scope.flags = flags;
    return { is: "empty" };
  }
  const inner = readChoice(reader, { flags });
  if (reader.text[reader.at] !== ")") {
    throw new RegexError(`missing closing ): \`${reader.text.join("")}\``);
  }
  reader.at += 1;
  return inner;
}

interface GroupHead {
  readonly written: string;
  readonly flags: Flags;
  /** `(?i)`: holds for what comes after it. */
  readonly isAlone: boolean;
}

function readHead(open: string, flags: Flags): GroupHead {
  if (!open.startsWith("(?")) return { written: "(", flags, isAlone: false };
  if (!/^\(\?P?<./s.test(open)) return readFlags(open, flags);
  const [written = open, name = ""] = /^\(\?P?<([^>]*)>/.exec(open) ?? [];
  if (!/^\w+$/.test(name)) throw new RegexError(`invalid named capture: \`${written}\``);
  return { written, flags, isAlone: false };
}

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = {
  i: "ignoreCase",
  m: "multiline",
  s: "dotAll",
  U: "ungreedy",
};

/** What is refused is told up to the letter that is wrong. */
function readFlags(open: string, flags: Flags): GroupHead {
  const changed: { -readonly [Name in keyof Flags]: boolean } = { ...flags };
  let written = "(?";
  let isOn = true;
  let isBare = false;
  for (const letter of Array.from(open).slice(2)) {
    written += letter;
    const name = FLAG_NAMES[letter];
    const isEnd = letter === ")" || letter === ":";
    if (isEnd && !isBare) return { written, flags: changed, isAlone: letter === ")" };
    if (name !== undefined) {
      changed[name] = isOn;
      isBare = false;
    } else if (letter === "-" && isOn) {
      isOn = false;
      isBare = true;
    } else break;
  }
  throw new RegexError(`invalid or unsupported Perl syntax: \`${written}\``);
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: "textStart",
  z: "textEnd",
  b: "word",
  B: "noWord",
};

function readEscape(reader: Reader, flags: Flags): Pattern {
  const letter = reader.text[reader.at + 1];
  if (letter === undefined) throw new RegexError("trailing backslash at end of expression: ``");
  const what = ASSERTIONS[letter];
  if (what !== undefined) {
    reader.at += 2;
    return { is: "assert", what };
  }
  if (letter === "Q") return readQuoted(reader, flags);
  const escape = testOfEscape(reader);
  if (typeof escape === "number")
    return { is: "test", test: testOfLetter(escape, flags.ignoreCase) };
  return { is: "test", test: escape };
}

/** `\Q…\E`: literally. */
function readQuoted(reader: Reader, flags: Flags): Pattern {
  reader.at += 2;
  const parts: Pattern[] = [];
  while (reader.at < reader.text.length) {
    if (reader.text[reader.at] === "\\" && reader.text[reader.at + 1] === "E") {
      reader.at += 2;
      break;
    }
    parts.push(literal(reader, reader.text[reader.at] ?? "", flags));
  }
  return { is: "sequence", parts };
}

// Character classes of RE2: `[a-z\d]`, `[[:alpha:]]`, `\pL`, `\w` (regexp/syntax/perl_groups.go).

import { RegexError } from "./regex-error.ts";

/** Whether a code point is meant. */
export type Test = (code: number) => boolean;

interface Reader {
  readonly text: readonly string[];
  at: number;
}

const NAMED: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  // oxlint-disable-next-line no-control-regex
  ascii: /[\x00-\x7F]/,
  blank: /[\t ]/,
  // oxlint-disable-next-line no-control-regex
  cntrl: /[\x00-\x1F\x7F]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t\n\v\f\r ]/,
  upper: /[A-Z]/,
  word: /[0-9A-Za-z_]/,
  xdigit: /[0-9A-Fa-f]/,
};
const PERL: Readonly<Record<string, RegExp>> = {
  d: /[0-9]/,
  s: /[\t\n\f\r ]/,
  w: /[0-9A-Za-z_]/,
};
const ASCII_MAX = 0x7f;
const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

function testOf(expression: RegExp, negated: boolean): Test {
  return (code) => expression.test(String.fromCodePoint(code)) !== negated;
}

/** After a backslash: the code point it stands for, or a class. Moves on behind it. */
export function testOfEscape(reader: Reader): Test | number {
  const letter = reader.text[reader.at + 1] ?? "";
  reader.at += 2;
  const perl = PERL[letter.toLowerCase()];
  if (perl !== undefined && letter !== "") return testOf(perl, letter !== letter.toLowerCase());
  if (letter === "p" || letter === "P") return readUnicodeClass(reader, letter === "P");
  const control = CONTROL[letter];
  if (control !== undefined) return control;
  if (letter === "x") return readHex(reader);
  if (/[0-7]/.test(letter)) return readOctal(reader, letter);
  const code = letter.codePointAt(0) ?? 0;
  if (code > ASCII_MAX || /[0-9A-Za-z]/.test(letter)) throw invalidEscape(letter);
  return code;
}

/** Two digits, or any number in braces; what is refused is told up to where it went wrong. */
function readHex(reader: Reader): number {
  const rest = reader.text.slice(reader.at);
  const isBraced = rest[0] === "{";
  const digits = isBraced ? /^\{[0-9a-fA-F]*/ : /^[0-9a-fA-F]{0,2}/;
  const [written = ""] = digits.exec(rest.join("")) ?? [];
  const code = Number.parseInt(isBraced ? written.slice(1) : written, 16);
  const isWhole = isBraced
    ? written.length > 1 && rest[written.length] === "}"
    : written.length === 2;
  if (!isWhole || code > CODE_MAX) throw invalidEscape(`x${wrongHex(rest, written, isBraced)}`);
  reader.at += written.length + (isBraced ? 1 : 0);
  return code;
}

const CODE_MAX = 0x10ffff;

function wrongHex(rest: readonly string[], written: string, isBraced: boolean): string {
  if (!isBraced) return rest.slice(0, 2).join("");
  for (let end = 2; end <= written.length; end += 1) {
    if (Number.parseInt(written.slice(1, end), 16) > CODE_MAX) return written.slice(0, end);
  }
  return rest.slice(0, written.length + 1).join("");
}

function invalidEscape(written: string): RegexError {
  return new RegexError(`invalid escape sequence: \`\\${written}\``);
}

/** `\1` to `\7` alone would be a back-reference. */
function readOctal(reader: Reader, first: string): number {
  const more = /^[0-7]{0,2}/.exec(reader.text.slice(reader.at, reader.at + 2).join(""))?.[0] ?? "";
  if (first !== "0" && more === "") throw invalidEscape(first);
  reader.at += more.length;
  return Number.parseInt(first + more, 8);
}

function readUnicodeClass(reader: Reader, negated: boolean): Test {
  const rest = reader.text.slice(reader.at).join("");
  const match = /^(?:\{(\^?)([^}]*)\}|([^{]))/s.exec(rest);
  const [written = "", caret = "", long, short] = match ?? [];
  const name = long ?? short ?? "";
  const expression = unicodeProperty(name);
  if (expression === undefined)
    throw new RegexError(`invalid character class range: \`\\${negated ? "P" : "p"}${written}\``);
  reader.at += written.length;
  return testOf(expression, (caret === "^") !== negated);
}

function unicodeProperty(name: string): RegExp | undefined {
  if (name === "Any") return /[^]/u;
  for (const property of [name, `Script=${name}`]) {
    try {
      return new RegExp(`\\p{${property}}`, "u");
    } catch {
      // Not a category: a script perhaps.
    }
  }
  return undefined;
}

/** From the bracket to its end. */
export function readClass(reader: Reader, ignoreCase: boolean): Test {
  const start = reader.at;
  reader.at += 1;
  const negated = reader.text[reader.at] === "^";
  if (negated) reader.at += 1;
  const tests: Test[] = [];
  for (let isFirst = true; isFirst || reader.text[reader.at] !== "]"; isFirst = false) {
    if (reader.at >= reader.text.length) {
      throw new RegexError(`missing closing ]: \`${reader.text.slice(start).join("")}\``);
    }
    tests.push(readMember(reader, ignoreCase));
  }
  reader.at += 1;
  return (code) => tests.some((test) => test(code)) !== negated;
}

function readMember(reader: Reader, ignoreCase: boolean): Test {
  const start = reader.at;
  const named = /^\[:(\^?)(\w+):\]/.exec(reader.text.slice(start, start + 12).join(""));
  if (named !== null) {
    const expression = NAMED[named[2] ?? ""];
    if (expression === undefined) {
      throw new RegexError(`invalid character class range: \`${named[0]}\``);
    }
    reader.at += named[0].length;
    return testOf(expression, named[1] === "^");
  }
  const low = readCode(reader);
  if (typeof low !== "number") return low;
  const next = reader.text[reader.at + 1];
  if (reader.text[reader.at] !== "-" || next === undefined || next === "]") {
    return rangeTest(low, low, ignoreCase);
  }
  reader.at += 1;
  const from = reader.at;
  const high = readCode(reader);
  if (typeof high !== "number") throw invalidEscape(reader.text[from + 1] ?? "");
  if (high < low) {
    const written = reader.text.slice(start, reader.at).join("");
    throw new RegexError(`invalid character class range: \`${written}\``);
  }
  return rangeTest(low, high, ignoreCase);
}

function readCode(reader: Reader): Test | number {
  if (reader.text[reader.at] === "\\") {
    if (reader.text[reader.at + 1] === undefined) {
      throw new RegexError("trailing backslash at end of expression: ``");
    }
    return testOfEscape(reader);
  }
  reader.at += 1;
  return reader.text[reader.at - 1]?.codePointAt(0) ?? 0;
}

function rangeTest(low: number, high: number, ignoreCase: boolean): Test {
  const isIn: Test = (code) => code >= low && code <= high;
  if (!ignoreCase) return isIn;
  return (code) => {
    const letter = String.fromCodePoint(code);
    return [letter, letter.toLowerCase(), letter.toUpperCase()].some((variant) =>
      isIn(variant.codePointAt(0) ?? 0),
    );
  };
}

// Cuts an expression into tokens (cel-spec doc/langdef.md, "Syntax").

import { CelSyntaxError } from "../cel-issue.ts";
import { readBytesLiteral, readTextLiteral } from "./text-literal.ts";

export type TokenKind = "ident" | "int" | "uint" | "double" | "text" | "bytes" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** What a text or bytes literal stands for. */
  readonly value?: string | Uint8Array;
}

const BLANK = /(?:[ \t\r\n\f]|\/\/[^\n]*)+/y;
const IDENT = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0[xX][0-9a-fA-F]+[uU]?|\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?/y;
const TEXT = /([rRbB]{0,2})("""|'''|"|')/y;
const SIGNS = "== != <= >= && || < > + - * / % ! ? : . , ( ) [ ] { }".split(" ");

export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = matchAt(BLANK, source, at)?.end ?? at;
    const token = tokenAt(source, at);
    tokens.push(token);
    if (token.kind === "end") return tokens;
    at = token.end;
  }
}

function tokenAt(source: string, at: number): Token {
  if (at >= source.length) return { kind: "end", text: "<EOF>", at, end: at };
  const text = matchAt(TEXT, source, at);
  if (text !== undefined) return textToken(source, at, text.groups);
  const number = matchAt(NUMBER, source, at);
  if (number !== undefined) return numberToken(number.text, at);
  const ident = matchAt(IDENT, source, at);
  if (ident !== undefined) return { kind: "ident", text: ident.text, at, end: ident.end };
  const sign = SIGNS.find((candidate) => source.startsWith(candidate, at));
  if (sign !== undefined) return { kind: "sign", text: sign, at, end: at + sign.length };
  const wrong = String.fromCodePoint(source.codePointAt(at) ?? 0);
  throw new CelSyntaxError(at, `Syntax error: token recognition error at: '${wrong}'`);
}

interface Match {
  readonly text: string;
  readonly end: number;
  readonly groups: readonly string[];
}

function matchAt(expression: RegExp, source: string, at: number): Match | undefined {
  expression.lastIndex = at;
  const found = expression.exec(source);
  if (found === null || found[0] === "") return undefined;
  return { text: found[0], end: at + found[0].length, groups: found.slice(1) };
}

function numberToken(text: string, at: number): Token {
  const end = at + text.length;
  if (/[uU]$/.test(text)) return { kind: "uint", text: text.slice(0, -1), at, end };
  const isDouble = !/^0[xX]/.test(text) && /[.eE]/.test(text);
  return { kind: isDouble ? "double" : "int", text, at, end };
}

function textToken(
  source: string,
  at: number,
  [prefix = "", quote = '"']: readonly string[],
): Token {
  const isRaw = /r/i.test(prefix);
  const start = at + prefix.length + quote.length;
  const stop = closingQuote(source, start, quote, isRaw);
  const end = stop + quote.length;
  const body = source.slice(start, stop).replaceAll(/\r\n?/g, "\n");
  const text = source.slice(at, end);
  if (/b/i.test(prefix)) {
    return { kind: "bytes", text, at, end, value: readBytesLiteral(body, isRaw, at) };
  }
  return { kind: "text", text, at, end, value: readTextLiteral(body, isRaw, at) };
}

function closingQuote(source: string, start: number, quote: string, isRaw: boolean): number {
  for (let at = start; at < source.length; at += 1) {
    if (source.startsWith(quote, at)) return at;
    if (source[at] === "\\" && !isRaw) at += 1;
    else if (quote.length === 1 && source[at] === "\n") break;
  }
  const opened = source.slice(start - quote.length);
  throw new CelSyntaxError(
    start - quote.length,
    `Syntax error: token recognition error at: '${opened.replaceAll("\n", "\\n")}'`,
  );
}

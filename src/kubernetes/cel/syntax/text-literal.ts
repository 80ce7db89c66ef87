// Escapes in text and bytes literals (cel-go parser/unescape.go).

import { CelSyntaxError } from "../cel-issue.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "`": "`",
  "?": "?",
};
const CODED =
  /\\(?:([xX])([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))/gsu;

export function readTextLiteral(body: string, isRaw: boolean, at: number): string {
  if (isRaw || !body.includes("\\")) return body;
  return body.replaceAll(CODED, (_whole, _x, hex, short, long, octal, simple) => {
    if (simple !== undefined) return simpleEscape(String(simple), at);
    const digits = [hex, short, long].find((part) => part !== undefined);
    const code = Number.parseInt(String(digits ?? octal), digits === undefined ? 8 : 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new CelSyntaxError(at, "Syntax error: invalid unicode code point");
    }
    return String.fromCodePoint(code);
  });
}

/** `\x` and octal escapes are bytes; everything else is UTF-8. */
export function readBytesLiteral(body: string, isRaw: boolean, at: number): Uint8Array {
  const encoder = new TextEncoder();
  if (isRaw) return encoder.encode(body);
  const bytes: number[] = [];
  let from = 0;
  for (const match of body.matchAll(CODED)) {
    bytes.push(...encoder.encode(body.slice(from, match.index)));
    from = match.index + match[0].length;
    const [, , hex, short, long, octal, simple] = match;
    if (short !== undefined || long !== undefined) {
      throw new CelSyntaxError(at, "Syntax error: unable to unescape string");
    }
    if (simple !== undefined) bytes.push(...encoder.encode(simpleEscape(simple, at)));
    else
      bytes.push(hex === undefined ? Number.parseInt(octal ?? "0", 8) : Number.parseInt(hex, 16));
  }
  bytes.push(...encoder.encode(body.slice(from)));
  return Uint8Array.from(bytes);
}

function simpleEscape(letter: string, at: number): string {
  const found = SIMPLE[letter];
  if (found === undefined) throw new CelSyntaxError(at, "Syntax error: unable to unescape string");
  return found;
}

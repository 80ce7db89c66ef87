// What is wrong with a text that is no JSON, in the words of Go's encoding/json. Mirrors its scanner (encoding/json/scanner.go of
// Go 1.26): what it looked for when it met a character, by bytes.

export const UNEXPECTED_END = "unexpected end of JSON input";

/** Of a text that `JSON.parse` has refused. */
export function jsonSyntaxError(text: string): string {
  try {
    new Scan(text).whole();
  } catch (error) {
    if (error instanceof Misplaced) return error.message;
    throw error;
  }
  return UNEXPECTED_END;
}

class Misplaced extends Error {}

const SPACE = /[ \t\r\n]/;
const DIGIT = /[0-9]/;
const HEX_DIGIT = /[0-9a-fA-F]/;
const ESCAPES = '"\\/bfnrt';
const LITERALS = ["true", "false", "null"];
/** `maxNestingDepth`. */
const DEPTH_MAX = 10_000;

interface List {
  readonly end: string;
  readonly hasKeys: boolean;
  /** Where something else than a comma or the end was found. */
  readonly after: string;
}

const LISTS: Readonly<Record<string, List>> = {
  "{": { end: "}", hasKeys: true, after: "after object key:value pair" },
  "[": { end: "]", hasKeys: false, after: "after array element" },
};

class Scan {
  /** A character for every byte; the space at the end is what Go feeds its scanner to learn whether a number is complete. */
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = `${Buffer.from(text).toString("latin1")} `;
  }

  whole(): void {
    const open: List[] = [];
    do {
      if (!this.#begin(open)) this.#goOn(open);
    } while (open.length > 0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#misplaced("after top-level value");
  }

  /** Reads a value, of a list its beginning: then it is true, unless the list is empty. */
  #begin(open: List[]): boolean {
    this.#space();
    const list = LISTS[this.#peek()];
    if (list === undefined) {
      this.#scalar();
      return false;
    }
    if (open.length === DEPTH_MAX) throw this.#misplaced("exceeded max depth");
    this.#at += 1;
    this.#space();
    if (this.#skip(list.end)) return false;
    open.push(list);
    if (list.hasKeys) this.#key();
    return true;
  }

  /** From the end of a value to the next one, out of lists that end with it. */
  #goOn(open: List[]): void {
    for (let list = open.at(-1); list !== undefined; list = open.at(-1)) {
      this.#space();
      if (this.#skip(",")) {
        if (list.hasKeys) this.#key();
        return;
      }
      if (!this.#skip(list.end)) throw this.#misplaced(list.after);
      open.pop();
    }
  }

  #key(): void {
    this.#space();
    if (this.#peek() !== '"') throw this.#misplaced("looking for beginning of object key string");
    this.#string();
    this.#space();
    if (!this.#skip(":")) throw this.#misplaced("after object key");
  }

  #scalar(): void {
    const first = this.#peek();
    if (first === '"') return this.#string();
    if (first === "-" || DIGIT.test(first)) return this.#number();
    const literal = LITERALS.find((one) => one.startsWith(first));
    if (literal === undefined) throw this.#misplaced("looking for beginning of value");
    this.#literal(literal);
  }

  #string(): void {
    this.#at += 1;
    while (!this.#skip('"')) {
      if (this.#skip("\\")) this.#escape();
      else if (this.#peek() < " ") throw this.#misplaced("in string literal");
      else this.#at += 1;
    }
  }

  #escape(): void {
    if (!this.#skip("u"))
      return this.#one((found) => ESCAPES.includes(found), "in string escape code");
    for (let count = 0; count < 4; count += 1) {
      this.#one((found) => HEX_DIGIT.test(found), "in \\u hexadecimal character escape");
    }
  }

  #number(): void {
    this.#skip("-");
    if (!this.#skip("0")) this.#digits("in numeric literal");
    if (this.#skip(".")) this.#digits("after decimal point in numeric literal");
    if (!this.#skip("e") && !this.#skip("E")) return;
    if (!this.#skip("+")) this.#skip("-");
    this.#digits("in exponent of numeric literal");
  }

  #digits(where: string): void {
    this.#one((found) => DIGIT.test(found), where);
    while (DIGIT.test(this.#peek())) this.#at += 1;
  }

  #literal(literal: string): void {
    for (const expected of literal) {
      this.#one((found) => found === expected, `in literal ${literal} (expecting '${expected}')`);
    }
  }

  #space(): void {
    while (SPACE.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #one(isExpected: (found: string) => boolean, where: string): void {
    if (!isExpected(this.#peek())) throw this.#misplaced(where);
    this.#at += 1;
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #peek(): string {
    if (this.#at >= this.#text.length) throw new Misplaced(UNEXPECTED_END);
    return this.#text.charAt(this.#at);
  }

  #misplaced(where: string): Error {
    return new Misplaced(`invalid character ${quoted(this.#peek())} ${where}`);
  }
}

const NAMED: Readonly<Record<string, string>> = {
  "'": String.raw`'\''`,
  '"': `'"'`,
  "\\": String.raw`'\\'`,
  "\x07": String.raw`'\a'`,
  "\b": String.raw`'\b'`,
  "\f": String.raw`'\f'`,
  "\n": String.raw`'\n'`,
  "\r": String.raw`'\r'`,
  "\t": String.raw`'\t'`,
  "\v": String.raw`'\v'`,
};

/** As Go's `strconv.Quote` writes a rune below 256, in single quotes. */
function quoted(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  if (code < 0x20 || code === 0x7f) return `'\\x${hex.padStart(2, "0")}'`;
  // Spaces and hyphens that are not printed.
  if ((code >= 0x80 && code <= 0xa0) || code === 0xad) return `'\\u${hex.padStart(4, "0")}'`;
  return `'${character}'`;
}

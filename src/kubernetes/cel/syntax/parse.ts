// Reads an expression by descending through its precedences. Mirrors the grammar of cel-go parser/gen/CEL.g4 and the wording
// of its first error.

import { CelSyntaxError } from "../cel-issue.ts";
import { CelUint } from "../values/value.ts";
import { expandMacro } from "./macros.ts";
import type { Element, MapNode, Node, StructNode } from "./node.ts";
import { type Token, tokenize } from "./tokens.ts";

/** As cel-go's default: deeper nesting is refused instead of exhausting the stack. */
const DEPTH_MAX = 250;
const SOURCE_MAX = 100_000;
const RELATIONS = new Set(["==", "!=", "<", "<=", ">", ">=", "in"]);
const RESERVED = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

/** Throws a `CelSyntaxError` at the first fault. */
export function parseExpression(source: string): Node {
  if (source.length > SOURCE_MAX) {
    const size = `size: ${source.length}, limit: ${SOURCE_MAX}`;
    throw new CelSyntaxError(0, `expression code point size exceeds limit: ${size}`);
  }
  const reader: Reader = { tokens: tokenize(source), at: 0, depth: 0 };
  const node = readExpression(reader);
  const rest = peek(reader);
  if (rest.kind !== "end") throw unexpected(rest, "extraneous");
  return node;
}

function readExpression(reader: Reader): Node {
  reader.depth += 1;
  if (reader.depth > DEPTH_MAX) {
    throw new CelSyntaxError(peek(reader).at, `expression recursion limit exceeded: ${DEPTH_MAX}`);
  }
  const condition = readOr(reader);
  const sign = take(reader, "?");
  let node = condition;
  if (sign !== undefined) {
    const yes = readOr(reader);
    expect(reader, ":");
    node = operator("_?_:_", sign.at, [condition, yes, readExpression(reader)]);
  }
  reader.depth -= 1;
  return node;
}

function readOr(reader: Reader): Node {
  return readLogic(reader, "||", "_||_", () => readLogic(reader, "&&", "_&&_", readRelation));
}

/** A long chain becomes a balanced tree, so that it is not deep. */
function readLogic(
  reader: Reader,
  sign: string,
  name: string,
  read: (reader: Reader) => Node,
): Node {
  const terms = [read(reader)];
  const places: number[] = [];
  for (let token = take(reader, sign); token !== undefined; token = take(reader, sign)) {
    places.push(token.at);
    terms.push(read(reader));
  }
  return balanced(name, terms, places, 0, terms.length - 1);
}

function balanced(
  name: string,
  terms: readonly Node[],
  places: readonly number[],
  from: number,
  to: number,
): Node {
  const only = terms[from];
  if (from === to && only !== undefined) return only;
  const middle = Math.floor((from + to) / 2);
  return operator(name, places[middle] ?? 0, [
    balanced(name, terms, places, from, middle),
    balanced(name, terms, places, middle + 1, to),
  ]);
}

function readRelation(reader: Reader): Node {
  let left = readSum(reader);
  while (RELATIONS.has(peek(reader).text) && isOperator(peek(reader))) {
    const { text, at } = next(reader);
    const name = text === "in" ? "@in" : `_${text}_`;
    left = operator(name, at, [left, readSum(reader)]);
  }
  return left;
}

function readSum(reader: Reader): Node {
  return readLeft(reader, ["+", "-"], () => readLeft(reader, ["*", "/", "%"], readUnary));
}

function readLeft(reader: Reader, signs: readonly string[], read: (reader: Reader) => Node): Node {
  let left = read(reader);
  while (peek(reader).kind === "sign" && signs.includes(peek(reader).text)) {
    const { text, at } = next(reader);
    left = operator(`_${text}_`, at, [left, read(reader)]);
  }
  return left;
}

function isOperator({ kind, text }: Token): boolean {
  return kind === "sign" || (kind === "ident" && text === "in");
}

/** Signs that cancel each other out are dropped; `-1` is a literal, because 2^63 exists only below zero. */
function readUnary(reader: Reader): Node {
  const { kind, text, at } = peek(reader);
  if (kind !== "sign" || (text !== "!" && text !== "-")) return readMember(reader);
  let count = 0;
  while (peek(reader).kind === "sign" && peek(reader).text === text) {
    next(reader);
    count += 1;
  }
  const number = peek(reader);
  if (text === "-" && count === 1 && (number.kind === "int" || number.kind === "double")) {
    next(reader);
    return readSuffixes(reader, numberLiteral(number, at, "-"));
  }
  const operand = readMember(reader);
  if (count % 2 === 0) return operand;
  return operator(text === "!" ? "!_" : "-_", at, [operand]);
}

function readMember(reader: Reader): Node {
  return readSuffixes(reader, readPrimary(reader));
}

function readSuffixes(reader: Reader, start: Node): Node {
  let node = start;
  for (;;) {
    const { kind, text, at } = peek(reader);
    if (kind !== "sign") return node;
    if (text === ".") node = readField(reader, node);
    else if (text === "[") node = readIndex(reader, node, at);
    else if (text === "{" && dottedName(node) !== undefined) node = readStruct(reader, node);
    else return node;
  }
}

function readField(reader: Reader, operand: Node): Node {
  const dot = next(reader);
  const optional = take(reader, "?") !== undefined;
  const name = next(reader);
  if (name.kind !== "ident" || isKeyword(name.text)) {
    throw name.kind === "end"
      ? new CelSyntaxError(name.at, "Syntax error: no viable alternative at input '.'")
      : new CelSyntaxError(name.at, `Syntax error: no viable alternative at input '.${name.text}'`);
  }
  const open = peek(reader);
  if (!optional && open.kind === "sign" && open.text === "(") {
    const args = readArguments(reader);
    const call = { is: "call", at: open.at, name: name.text, target: operand, args } as const;
    return expandMacro(call);
  }
  return { is: "select", at: dot.at, operand, field: name.text, optional };
}

function isKeyword(text: string): boolean {
  return text === "true" || text === "false" || text === "null" || text === "in";
}

function readIndex(reader: Reader, operand: Node, at: number): Node {
  next(reader);
  const optional = take(reader, "?") !== undefined;
  const index = readExpression(reader);
  expect(reader, "]");
  return operator(optional ? "_[?_]" : "_[_]", at, [operand, index]);
}

function readArguments(reader: Reader): readonly Node[] {
  next(reader);
  const args: Node[] = [];
  if (take(reader, ")") !== undefined) return args;
  do args.push(readExpression(reader));
  while (take(reader, ",") !== undefined);
  expect(reader, ")");
  return args;
}

function readPrimary(reader: Reader): Node {
  const token = next(reader);
  const { kind, at, value } = token;
  switch (kind) {
    case "text":
    case "bytes":
      return { is: "literal", at, value: value ?? "" };
    case "int":
    case "uint":
    case "double":
      return numberLiteral(token, at, "");
    case "ident":
      return readIdent(reader, token);
    case "sign":
      return readBracket(reader, token);
    case "end":
      throw unexpected(token, "mismatched");
  }
}

function readIdent(reader: Reader, { text, at }: Token): Node {
  if (text === "true" || text === "false") return { is: "literal", at, value: text === "true" };
  if (text === "null") return { is: "literal", at, value: null };
  if (text === "in") throw unexpected({ kind: "ident", text, at, end: at }, "mismatched");
  if (RESERVED.has(text)) throw new CelSyntaxError(at, `reserved identifier: ${text}`);
  const open = peek(reader);
  if (open.kind !== "sign" || open.text !== "(") return { is: "ident", at, name: text };
  return expandMacro({ is: "call", at: open.at, name: text, args: readArguments(reader) });
}

function readBracket(reader: Reader, token: Token): Node {
  const { text, at } = token;
  if (text === "(") {
    const inner = readExpression(reader);
    expect(reader, ")");
    return inner;
  }
  if (text === "[") return { is: "list", at, elements: readElements(reader) };
  if (text === "{") return readMap(reader, at);
  if (text === "." && peek(reader).kind === "ident") return readIdent(reader, next(reader));
  throw unexpected(token, "mismatched");
}

function readElements(reader: Reader): readonly Element[] {
  const elements: Element[] = [];
  while (take(reader, "]") === undefined) {
    const optional = take(reader, "?") !== undefined;
    elements.push({ value: readExpression(reader), optional });
    if (take(reader, ",") !== undefined) continue;
    expect(reader, "]");
    break;
  }
  return elements;
}

function readMap(reader: Reader, at: number): MapNode {
  const entries: (Element & { key: Node })[] = [];
  while (take(reader, "}") === undefined) {
    const optional = take(reader, "?") !== undefined;
    const key = readExpression(reader);
    expect(reader, ":");
    entries.push({ key, value: readExpression(reader), optional });
    if (take(reader, ",") !== undefined) continue;
    expect(reader, "}");
    break;
  }
  return { is: "map", at, entries };
}

function readStruct(reader: Reader, name: Node): StructNode {
  const open = next(reader);
  const fields: StructNode["fields"][number][] = [];
  while (take(reader, "}") === undefined) {
    const optional = take(reader, "?") !== undefined;
    const field = next(reader);
    if (field.kind !== "ident") throw unexpected(field, "extraneous");
    const colon = expect(reader, ":");
    const value = readExpression(reader);
    fields.push({ name: field.text, at: colon.at, value, optional });
    if (take(reader, ",") !== undefined) continue;
    expect(reader, "}");
    break;
  }
  return { is: "struct", at: open.at, name: dottedName(name) ?? "", fields };
}

/** `a.b.c` as text, when the node is nothing but names. */
export function dottedName(node: Node): string | undefined {
  if (node.is === "ident") return node.name;
  if (node.is !== "select" || node.optional) return undefined;
  const before = dottedName(node.operand);
  return before === undefined ? undefined : `${before}.${node.field}`;
}

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

function numberLiteral({ kind, text }: Token, at: number, sign: "" | "-"): Node {
  if (kind === "double") return { is: "literal", at, value: Number(sign + text) };
  const magnitude = BigInt(text);
  if (kind === "uint") {
    if (magnitude >= 2n ** 64n) throw new CelSyntaxError(at, "invalid uint literal");
    return { is: "literal", at, value: new CelUint(magnitude) };
  }
  const value = sign === "-" ? -magnitude : magnitude;
  if (value < INT_MIN || value > INT_MAX) throw new CelSyntaxError(at, "invalid int literal");
  return { is: "literal", at, value };
}

function operator(name: string, at: number, args: readonly Node[]): Node {
  return { is: "call", at, name, args };
}

function peek({ tokens, at }: Reader): Token {
  return tokens[at] ?? { kind: "end", text: "<EOF>", at: 0, end: 0 };
}

function next(reader: Reader): Token {
  const token = peek(reader);
  if (token.kind !== "end") reader.at += 1;
  return token;
}

function take(reader: Reader, sign: string): Token | undefined {
  const token = peek(reader);
  return token.kind === "sign" && token.text === sign ? next(reader) : undefined;
}

function expect(reader: Reader, sign: string): Token {
  const token = take(reader, sign);
  if (token !== undefined) return token;
  const found = peek(reader);
  throw new CelSyntaxError(
    found.at,
    `Syntax error: mismatched input '${found.text}' expecting '${sign}'`,
  );
}

/** What may begin an expression, in the order of cel-go's grammar. */
const STARTS =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

function unexpected({ text, at }: Token, how: "mismatched" | "extraneous"): CelSyntaxError {
  const expecting = how === "mismatched" ? STARTS : "<EOF>";
  return new CelSyntaxError(at, `Syntax error: ${how} input '${text}' expecting ${expecting}`);
}

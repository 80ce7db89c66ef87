// Reads what stands inside an action: operands, function calls and pipes, as Go's text/template has them.

import { TemplateError } from "./template-error.ts";

/** `a b | c`: the value of each command is the last argument of the next. */
export type Pipeline = readonly Command[];
/** A function and its arguments, or one value. */
export type Command = readonly Operand[];

export type Operand =
  | { readonly kind: "literal"; readonly value: unknown }
  /** `.a.b`, `$.a`, `$name.a`; `variable` is empty for the dot, `$` for the root. */
  | { readonly kind: "field"; readonly variable: string; readonly names: readonly string[] }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "pipeline"; readonly pipeline: Pipeline };

const TOKEN =
  /\s*("(?:\\.|[^"\\])*"|`[^`]*`|\(|\)|\||-?\d+(?:\.\d+)?|\$?[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*|\$(?:\.[A-Za-z_][A-Za-z0-9_]*)*|(?:\.[A-Za-z_][A-Za-z0-9_]*)+|\.)/y;

export function parsePipeline(text: string): Pipeline {
  const tokens = tokensOf(text);
  const pipeline = readPipeline(tokens);
  if (tokens.at !== tokens.list.length) throw unexpected(tokens, text);
  return pipeline;
}

interface Tokens {
  readonly list: readonly string[];
  at: number;
}

function tokensOf(text: string): Tokens {
  const list: string[] = [];
  let at = 0;
  while (at < text.trimEnd().length) {
    TOKEN.lastIndex = at;
    const [whole = "", token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new TemplateError(`{{${text}}} is not understood`);
    list.push(token);
    at += whole.length;
  }
  return { list, at: 0 };
}

function readPipeline(tokens: Tokens): Pipeline {
  const commands = [readCommand(tokens)];
  while (tokens.list[tokens.at] === "|") {
    tokens.at += 1;
    commands.push(readCommand(tokens));
  }
  return commands;
}

function readCommand(tokens: Tokens): Command {
  const operands: Operand[] = [];
  for (;;) {
    const token = tokens.list[tokens.at];
    if (token === undefined || token === ")" || token === "|") break;
    tokens.at += 1;
    operands.push(token === "(" ? readParentheses(tokens) : operandOf(token));
  }
  if (operands.length === 0) throw unexpected(tokens, tokens.list.join(" "));
  return operands;
}

function readParentheses(tokens: Tokens): Operand {
  const pipeline = readPipeline(tokens);
  if (tokens.list[tokens.at] !== ")") throw unexpected(tokens, tokens.list.join(" "));
  tokens.at += 1;
  return { kind: "pipeline", pipeline };
}

const CONSTANTS = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["nil", undefined],
]);

function operandOf(token: string): Operand {
  if (token.startsWith('"')) return { kind: "literal", value: JSON.parse(token) as unknown };
  if (token.startsWith("`")) return { kind: "literal", value: token.slice(1, -1) };
  if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
  if (CONSTANTS.has(token)) return { kind: "literal", value: CONSTANTS.get(token) };
  if (token === ".") return { kind: "field", variable: "", names: [] };
  const [variable = "", ...names] = token.split(".");
  if (variable === "" || variable.startsWith("$")) return { kind: "field", variable, names };
  if (names.length > 0) throw new TemplateError(`${token} is not understood`);
  return { kind: "function", name: variable };
}

function unexpected({ list, at }: Tokens, text: string): TemplateError {
  return new TemplateError(`{{${text}}}: unexpected ${list[at] ?? "end"}`);
}

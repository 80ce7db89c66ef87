// Reads a template into a tree: text, outputs, conditions, loops, variables and named templates.

import { parsePipeline, type Pipeline } from "./parse-pipeline.ts";
import { splitActions, type Piece } from "./split-actions.ts";
import { TemplateError } from "./template-error.ts";

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output"; readonly pipeline: Pipeline; readonly line: number }
  | { readonly kind: "set"; readonly name: string; readonly pipeline: Pipeline }
  | Branch;

export interface Branch {
  readonly kind: "if" | "with" | "range";
  readonly pipeline: Pipeline;
  /** Of a range: `$item`, or `$key, $item`. */
  readonly variables: readonly string[];
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

export interface Template {
  readonly body: readonly Node[];
  /** Named by `define`. */
  readonly named: ReadonlyMap<string, readonly Node[]>;
}

export function parseTemplate(text: string): Template {
  const reader: Reader = { pieces: splitActions(text), at: 0, named: new Map() };
  const { nodes, end } = readNodes(reader);
  if (end !== undefined) throw new TemplateError(`{{${end}}} closes nothing`);
  return { body: nodes, named: reader.named };
}

interface Reader {
  readonly pieces: readonly Piece[];
  at: number;
  readonly named: Map<string, readonly Node[]>;
}

interface Block {
  readonly nodes: readonly Node[];
  /** The action that ended it: `end`, `else …`, or nothing at the end of the text. */
  readonly end: string | undefined;
}

function readNodes(reader: Reader): Block {
  const nodes: Node[] = [];
  for (let piece = next(reader); piece !== undefined; piece = next(reader)) {
    if (piece.kind === "text") nodes.push(piece);
    else if (/^(end|else)\b/.test(piece.text)) return { nodes, end: piece.text };
    else {
      const node = readAction(reader, piece);
      if (node !== undefined) nodes.push(node);
    }
  }
  return { nodes, end: undefined };
}

function next(reader: Reader): Piece | undefined {
  reader.at += 1;
  return reader.pieces[reader.at - 1];
}

const SET = /^(\$[A-Za-z_]\w*)\s*:?=\s*([^]+)$/;

function readAction(
  reader: Reader,
  { text, line }: Extract<Piece, { kind: "action" }>,
): Node | undefined {
  const [, keyword, rest = ""] = /^(if|with|range|define)\s+([^]+)$/.exec(text) ?? [];
  if (keyword === "define") return define(reader, rest);
  if (keyword === "if" || keyword === "with" || keyword === "range")
    return readBranch(reader, keyword, rest);
  const [, name, value] = SET.exec(text) ?? [];
  if (name !== undefined && value !== undefined)
    return { kind: "set", name, pipeline: parsePipeline(value) };
  return { kind: "output", pipeline: parsePipeline(text), line };
}

function define(reader: Reader, rest: string): undefined {
  const name = JSON.parse(rest) as string; // The lexer has seen a quoted name.
  const { nodes, end } = readNodes(reader);
  if (end !== "end") throw new TemplateError(`{{define ${rest}}} is not closed`);
  reader.named.set(name, nodes);
}

const LOOP = /^(\$\w+)(?:\s*,\s*(\$\w+))?\s*:=\s*([^]+)$/;

function readBranch(reader: Reader, kind: Branch["kind"], head: string): Branch {
  const [, first, second, pipeline = head] = LOOP.exec(head) ?? [];
  const variables = [first, second].filter((name) => name !== undefined);
  const { nodes, end } = readNodes(reader);
  return {
    kind,
    pipeline: parsePipeline(pipeline),
    variables,
    body: nodes,
    otherwise: readOtherwise(reader, kind, end),
  };
}

function readOtherwise(reader: Reader, kind: string, end: string | undefined): readonly Node[] {
  if (end === "end") return [];
  if (end === undefined) throw new TemplateError(`{{${kind}}} is not closed`);
  const [, elseKind, head] = /^else\s+(if|with)\s+([^]+)$/.exec(end) ?? [];
  if ((elseKind === "if" || elseKind === "with") && head !== undefined)
    return [readBranch(reader, elseKind, head)];
  const { nodes, end: last } = readNodes(reader);
  if (last !== "end") throw new TemplateError(`{{else}} of {{${kind}}} is not closed`);
  return nodes;
}

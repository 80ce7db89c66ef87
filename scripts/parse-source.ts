// Parses TypeScript or JavaScript and walks the tree. What the tidy test and the build know about code, they know from here.

import { parse } from "@babel/parser";

type ParseResult = ReturnType<typeof parse>;

/** Any node of the tree, read structurally: `type`, its place, and whatever fields that type has. */
export interface SyntaxNode {
  readonly type: string;
  /** Offsets into the text, half-open. */
  readonly start: number;
  readonly end: number;
  /** Lines start at 1. */
  readonly loc: {
    readonly start: { readonly line: number };
    readonly end: { readonly line: number };
  };
  readonly [field: string]: unknown;
}

/** Throws a SyntaxError that names the line when the text is not a module. */
export function parseSource(text: string, file: string): SyntaxNode {
  const plugins: ("typescript" | "jsx")[] = /\.[mc]?tsx?$/.test(file) ? ["typescript"] : [];
  if (file.endsWith("x")) plugins.push("jsx");
  const tree: ParseResult = parse(text, {
    sourceType: "module",
    allowAwaitOutsideFunction: true,
    sourceFilename: file,
    plugins,
  });
  const { program } = tree;
  if (!isSyntaxNode(program)) throw new SyntaxError(`${file}: the parser gave no positions`);
  return program;
}

/** Calls `visit` for the node and everything below it, parents first, in the order of the text. */
export function walkSyntax(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void,
  parent?: SyntaxNode,
): void {
  visit(node, parent);
  for (const child of childNodes(node)) walkSyntax(child, visit, node);
}

/** In the order of the text. */
export function childNodes(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const key in node) {
    if (key === "leadingComments" || key === "trailingComments" || key === "innerComments")
      continue;
    const value = node[key];
    if (Array.isArray(value)) children.push(...value.filter(isSyntaxNode));
    else if (isSyntaxNode(value)) children.push(value);
  }
  return children;
}

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    "loc" in value &&
    "start" in value
  );
}

/** A field that holds one node, or undefined. */
export function nodeField(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const value = node[field];
  return isSyntaxNode(value) ? value : undefined;
}

/** A field that holds a string, or undefined. */
export function textField(node: SyntaxNode | undefined, field: string): string | undefined {
  const value = node?.[field];
  return typeof value === "string" ? value : undefined;
}

// The doc comments of the definition's interfaces, found by the keys an interface has. `object<Interface, …>` demands a schema
// for exactly those keys, so that the keys of a printed schema name the interface it was written from.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { isSyntaxNode, nodeField, parseSource, textField, walkSyntax } from "./parse-source.ts";
import type { SyntaxNode } from "./parse-source.ts";

/** One interface or type literal. */
export interface DocumentedKeys {
  /** Relative to the folder read; `/` between names. */
  readonly file: string;
  /** Undefined for a type literal inside another type. */
  readonly name?: string;
  /** Names of the interfaces it extends. */
  readonly extends: readonly string[];
  /** Comment by key; "" for a key without one. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Of every source file below a folder, tests and fact tables left out. */
export function readDocComments(folder: string): DocumentedKeys[] {
  return sourceFiles(folder).flatMap((file) => {
    const name = relative(folder, file).replaceAll("\\", "/");
    return documentedKeys(readFileSync(file, "utf8"), name);
  });
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourceFiles(path);
      return /(?<!\.test|\.facts)\.ts$/.test(entry.name) ? [path] : [];
    });
}

export function documentedKeys(text: string, file: string): DocumentedKeys[] {
  const found: DocumentedKeys[] = [];
  walkSyntax(parseSource(text, file), (node, parent) => {
    const members = membersOf(node);
    if (members === undefined) return;
    const name = textField(nodeField(ownerOf(node, parent), "id"), "name");
    found.push({
      file,
      ...(name === undefined ? {} : { name }),
      extends: extendedNames(node),
      keys: new Map(members.flatMap(documentedKey)),
    });
  });
  return found;
}

function membersOf(node: SyntaxNode): readonly SyntaxNode[] | undefined {
  if (node.type === "TSTypeLiteral") return nodesOf(node["members"]);
  if (node.type !== "TSInterfaceDeclaration") return undefined;
  return nodesOf(nodeField(node, "body")?.["body"]);
}

/** `type Name = { … }` names its literal. */
function ownerOf(node: SyntaxNode, parent: SyntaxNode | undefined): SyntaxNode {
  return parent?.type === "TSTypeAliasDeclaration" ? parent : node;
}

function extendedNames(node: SyntaxNode): string[] {
  return nodesOf(node["extends"]).flatMap((heritage) => {
    const name = textField(nodeField(heritage, "expression"), "name");
    return name === undefined ? [] : [name];
  });
}

function documentedKey(member: SyntaxNode): readonly (readonly [string, string])[] {
  const key = nodeField(member, "key");
  const name = textField(key, "name") ?? textField(key, "value");
  return name === undefined ? [] : [[name, docComment(member)]];
}

/** The `/** … *\/` right above, as one paragraph. */
function docComment(member: SyntaxNode): string {
  const comments = nodesOf(member["leadingComments"], false);
  const last = comments.at(-1);
  const value = last === undefined ? undefined : textField(last, "value");
  if (last?.type !== "CommentBlock" || value?.startsWith("*") !== true) return "";
  return value
    .slice(1)
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s?/, "").trim())
    .join(" ")
    .trim();
}

/** Comments have a place but are no nodes. */
function nodesOf(value: unknown, strict = true): readonly SyntaxNode[] {
  if (!Array.isArray(value)) return [];
  const items: readonly unknown[] = value;
  return strict ? items.filter(isSyntaxNode) : items.filter(isComment);
}

function isComment(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "value" in value;
}

// One text file of the repository as the rules see it; code is parsed once, when the first rule asks.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parseSource, type SyntaxNode } from "../../scripts/parse-source.ts";

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Throws when the file is not TypeScript. */
  program(): SyntaxNode;
}

/** Made by tools or by other projects, or not part of the repository at all. */
const LEFT_OUT = new Set([
  ".git",
  ".keelson",
  "coverage",
  "dist",
  "dist-next",
  "golden",
  "node_modules",
  "oracle",
  "testdata",
]);

export function createSourceFile(path: string, text: string): SourceFile {
  let program: SyntaxNode | undefined;
  return { path, text, program: () => (program ??= parseSource(text, path)) };
}

/** All TypeScript and Markdown files below the root, sorted by path. */
export function loadSourceFiles(root: string): readonly SourceFile[] {
  return listPaths(root, "").map((path) =>
    createSourceFile(path, readFileSync(join(root, path), "utf8")),
  );
}

function listPaths(root: string, folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : listPaths(root, path);
    return isTypeScript(path) || isMarkdown(path) ? [path] : [];
  });
}

export function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path);
}

export function isMarkdown(path: string): boolean {
  return path.endsWith(".md");
}

/** Tests, and what only tests use. */
export function isTestFile(path: string): boolean {
  return (
    path.startsWith("tests/") ||
    /\.test\.tsx?$|(^|[/.])conformance\.ts$/.test(path) ||
    /(^|\/)(testing|fixtures)\//.test(path)
  );
}

/** Written by a program or a table by nature: exempt from lengths, never from directions. */
export function isDataFile(path: string): boolean {
  return /\.(facts|generated)\.ts$/.test(path);
}

export function isShippedSource(path: string): boolean {
  return path.startsWith("src/") && isTypeScript(path) && !isTestFile(path);
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

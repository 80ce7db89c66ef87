// What lies in a folder after a tree was written into it, whatever lay there before.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { planWrite } from "../compiler/index.ts";
import { currentHashes, readManifest, sha256, writeTree } from "./write-tree.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "keelson-write-tree-"))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Row {
  readonly name: string;
  readonly before: Readonly<Record<string, string>>;
  readonly tree: Readonly<Record<string, string>>;
  /** Lies there without having been generated. */
  readonly foreign?: Readonly<Record<string, string>>;
}

const ROWS: readonly Row[] = [
  {
    name: "an empty folder",
    before: {},
    tree: { "a/b/c.yaml": "1", "a/d.yaml": "2", "e.md": "3" },
  },
  {
    name: "a new folder in an old one",
    before: { "a/b.yaml": "1" },
    tree: { "a/b.yaml": "1", "a/c/d/e.yaml": "2", "a/f.yaml": "3" },
  },
  {
    name: "a folder whose neighbours all go",
    before: { "a/b/c.yaml": "1" },
    tree: { "a/d/e.yaml": "2" },
  },
  { name: "a folder where a file was", before: { "a/b": "1" }, tree: { "a/b/c/d.yaml": "2" } },
  { name: "a file where a folder was", before: { "a/b/c.yaml": "1" }, tree: { "a/b": "2" } },
  {
    name: "what an interrupted run left behind",
    before: {},
    tree: { "a/b.yaml": "1" },
    foreign: { ".keelson/new/a/b.yaml": "half", ".keelson/new/a/c.yaml": "old" },
  },
];

it.each(ROWS)("$name", ({ before, tree, foreign = {} }) => {
  compileTree(before);
  for (const [path, text] of Object.entries(foreign)) writeForeign(path, text);
  compileTree(tree);
  const paths = new Set([...Object.keys(before), ...Object.keys(tree), ...Object.keys(foreign)]);
  const found = [...paths].flatMap((path) => {
    const file = join(folder, path);
    return isFile(file) ? [[path, readFileSync(file, "utf8")] as const] : [];
  });
  expect(Object.fromEntries(found)).toEqual(tree);
  expect(existsSync(join(folder, ".keelson/new"))).toBe(false);
});

function compileTree(record: Readonly<Record<string, string>>): void {
  const tree = new Map(Object.entries(record));
  const manifest = readManifest(folder);
  const plan = planWrite({
    tree,
    generator: "keelson test",
    environments: [],
    manifest,
    current: currentHashes(folder, tree, manifest),
    sha256,
  });
  expect(plan.diagnostics).toEqual([]);
  writeTree(folder, tree, plan);
}

function writeForeign(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}

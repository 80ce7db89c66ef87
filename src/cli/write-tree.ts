// Writes a tree into a folder as planned: each file whole or not at all, the manifest first and last, so that a run that was
// interrupted can simply be repeated.

import { hash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import type { Manifest, WriteOutcome, WritePlan } from "../compiler/index.ts";
import { MANIFEST_FILE, ownPaths, parseManifest } from "../compiler/index.ts";
import { groupBy } from "../core/index.ts";
import type { Tree } from "../model/index.ts";
import { createFindMissingFolder, writeNewFolder } from "./new-folders.ts";

export function sha256(content: string | Uint8Array): string {
  return hash("sha256", content);
}

export function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, MANIFEST_FILE);
  return existsSync(file) ? parseManifest(readFileSync(file, "utf8")) : undefined;
}

/** Hashes of what is there now, for every path a run might touch. */
export function currentHashes(
  folder: string,
  tree: Tree,
  manifest: Manifest | undefined,
): ReadonlyMap<string, string> {
  const paths = new Set([...tree.keys(), ...ownPaths(manifest)]);
  const findMissingFolder = createFindMissingFolder(folder);
  return new Map(
    [...paths].flatMap((path) => {
      if (findMissingFolder(path) !== undefined) return [];
      const file = join(folder, path);
      if (!existsSync(file) || !statSync(file).isFile()) return [];
      return [[path, sha256(readFileSync(file))] as const];
    }),
  );
}

export function writeTree(folder: string, tree: Tree, plan: WritePlan): void {
  writeManifest(folder, plan.started);
  const actions = groupBy(plan.actions, ({ outcome }) => outcome);
  const pathsOf = (outcome: WriteOutcome): string[] =>
    (actions.get(outcome) ?? []).map(({ path }) => path);
  for (const path of pathsOf("deleted")) remove(folder, path);
  const write = (path: string): void => writeWhole(join(folder, path), tree.get(path) ?? "");
  pathsOf("updated").forEach(write);
  const created = groupBy(pathsOf("created"), createFindMissingFolder(folder));
  for (const [missing, paths] of created) {
    if (missing === undefined) paths.forEach(write);
    else writeNewFolder(folder, missing, paths, tree);
  }
  writeManifest(folder, plan.finished);
}

function remove(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true });
  removeEmptyFolders(folder, dirname(path));
}

function writeManifest(folder: string, manifest: Manifest): void {
  writeWhole(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** A reader sees the old file or the new one, never half of it. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.part`;
  writeFileSync(part, text);
  renameSync(part, file);
}

function removeEmptyFolders(root: string, folder: string): void {
  if (folder === ".") return;
  try {
    rmdirSync(join(root, folder));
  } catch {
    // Something else lies in it.
    return;
  }
  removeEmptyFolders(root, dirname(folder));
}

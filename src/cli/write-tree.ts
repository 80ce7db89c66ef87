// Writes a tree into a folder as planned: each file whole or not at all, the manifest first and last, so that a run that was
// interrupted can simply be repeated.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import type { Manifest, WriteAction, WritePlan } from "../compiler/index.ts";
import { MANIFEST_FILE, ownPaths, parseManifest } from "../compiler/index.ts";
import type { Tree } from "../model/index.ts";

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
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
  return new Map(
    [...paths].flatMap((path) => {
      const file = join(folder, path);
      return existsSync(file) ? [[path, sha256(readFileSync(file))] as const] : [];
    }),
  );
}

export function writeTree(folder: string, tree: Tree, plan: WritePlan): void {
  writeManifest(folder, plan.started);
  for (const action of plan.actions) perform(folder, action, tree);
  writeManifest(folder, plan.finished);
}

function perform(folder: string, { path, outcome }: WriteAction, tree: Tree): void {
  const file = join(folder, path);
  switch (outcome) {
    case "created":
    case "updated":
      writeWhole(file, tree.get(path) ?? "");
      return;
    case "deleted":
      rmSync(file, { force: true });
      removeEmptyFolders(folder, dirname(path));
      return;
    case "unchanged":
    case "kept":
    case "conflict":
  }
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

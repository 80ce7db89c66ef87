// Files of folders that do not exist yet are written elsewhere and moved in whole: one rename for a folder instead of one for
// every file, and nobody sees half of it.

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Tree } from "../model/index.ts";

/** Where new folders are filled; what an interrupted run left there is thrown away. */
const STAGE_FOLDER = ".keelson/new";

/** For a path below `root`, the outermost of its folders that does not exist; asks the disk once for each folder. */
export type FindMissingFolder = (path: string) => string | undefined;

export function createFindMissingFolder(root: string): FindMissingFolder {
  const known = new Map<string, string | undefined>();
  const find = (folder: string): string | undefined => {
    if (folder === ".") return existsSync(root) ? undefined : folder;
    if (known.has(folder)) return known.get(folder);
    const missing = find(dirname(folder)) ?? (existsSync(join(root, folder)) ? undefined : folder);
    known.set(folder, missing);
    return missing;
  };
  return (path) => find(dirname(path));
}

/** `paths` lie in or below `folder`, whose parent exists; all are relative to `root`. */
export function writeNewFolder(
  root: string,
  folder: string,
  paths: readonly string[],
  tree: Tree,
): void {
  const stage = join(root, STAGE_FOLDER);
  rmSync(stage, { recursive: true, force: true });
  const makeFolder = createMakeFolder(stage);
  for (const path of paths) {
    makeFolder(dirname(path));
    writeFileSync(join(stage, path), tree.get(path) ?? "");
  }
  renameSync(join(stage, folder), join(root, folder));
  rmSync(stage, { recursive: true, force: true });
}

/** Makes each folder once, its parent first. */
function createMakeFolder(stage: string): (folder: string) => void {
  const made = new Set<string>();
  const make = (folder: string): void => {
    if (made.has(folder)) return;
    made.add(folder);
    if (folder === ".") {
      mkdirSync(stage, { recursive: true });
    } else {
      make(dirname(folder));
      mkdirSync(join(stage, folder));
    }
  };
  return make;
}

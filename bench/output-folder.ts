// The folder a contender writes to: emptied before each run, counted after it.

import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** Kubernetes objects in all YAML files below the folder; Kustomize's own files do not count. */
export function countObjects(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  return files.reduce((sum, text) => sum + countDocuments(text), 0);
}

function countDocuments(text: string): number {
  const kinds = text.match(/^kind: .+$/gm) ?? [];
  return kinds.filter((line) => !/^kind: (Kustomization|Component)$/.test(line)).length;
}

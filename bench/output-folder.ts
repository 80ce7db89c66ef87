// The folder a contender writes to: emptied before each run, counted after it.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * What was there is put aside and removed when the whole bench has ended: on ext4, creating many files soon after deleting
 * many takes up to ten times as long, and that is not what is measured.
 */
export function emptyFolder(folder: string): void {
  if (existsSync(folder)) putAside(folder);
  mkdirSync(folder, { recursive: true });
}

const aside: string[] = [];

function putAside(folder: string): void {
  if (aside.length === 0) process.once("exit", removeAside);
  const old = `${folder}.${process.pid}-${aside.length}`;
  renameSync(folder, old);
  aside.push(old);
}

function removeAside(): void {
  for (const folder of aside) rmSync(folder, { recursive: true, force: true });
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

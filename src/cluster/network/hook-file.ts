// Where the file is that Node processes are told to load first, in the sources and in the bundle, and how to tell them.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { invariant } from "../../core/index.ts";

/** Relative to this file, and to any file that the bundle may have put it into. */
const PLACES: readonly string[] = [
  "./process-hook.cjs",
  "./network/process-hook.cjs",
  "../cluster/network/process-hook.cjs",
  "./cluster/network/process-hook.cjs",
];

export function hookFile(): string {
  const found = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(
    existsSync,
  );
  invariant(found !== undefined, "the package holds cluster/network/process-hook.cjs");
  return found;
}

/** Quoted as NODE_OPTIONS wants it, before what the process has there already. */
export function withHook(nodeOptions: string | undefined, file: string): string {
  const own = `--require "${file.replace(/["\\]/g, (character) => `\\${character}`)}"`;
  return nodeOptions === undefined || nodeOptions.trim() === "" ? own : `${own} ${nodeOptions}`;
}

// Looks for an optional program on the PATH, without starting it.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The absolute path of the first executable of that name, or undefined. `extra` folders are looked at first. */
export function findOnPath(name: string, extra: readonly string[] = []): string | undefined {
  const folders = [...extra, ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

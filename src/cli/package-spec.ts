// How a new platform should depend on this very package: by version when it came from a registry, by path when it came from
// a tarball or a checkout, so that `npm install` works there as it worked here.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { isRecord } from "../core/index.ts";
import { PACKAGE_ROOT } from "./package-root.ts";
import { VERSION } from "./version.ts";

export function packageSpec(packageFolder: string = resolve(PACKAGE_ROOT)): string {
  if (existsSync(join(packageFolder, "src")) && existsSync(join(packageFolder, "tsconfig.json"))) {
    return `file:${packageFolder}`;
  }
  return installedFrom(packageFolder) ?? VERSION;
}

/** npm notes in `node_modules/.package-lock.json` where each package came from. */
function installedFrom(packageFolder: string): string | undefined {
  const modules = dirname(packageFolder);
  const notes = join(modules, ".package-lock.json");
  if (!existsSync(notes)) return undefined;
  const lock: unknown = JSON.parse(readFileSync(notes, "utf8"));
  const packages = isRecord(lock) ? lock["packages"] : undefined;
  const entry = isRecord(packages) ? packages["node_modules/keelson"] : undefined;
  const resolved = isRecord(entry) ? entry["resolved"] : undefined;
  if (typeof resolved !== "string" || !resolved.startsWith("file:")) return undefined;
  // Relative to the folder that holds node_modules.
  return `file:${resolve(dirname(modules), resolved.slice("file:".length))}`;
}

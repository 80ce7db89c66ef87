// What a user downloads: the built package and its production dependencies, as they lie on this disk.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../scripts/run-command.ts";
import { type Contender, Unavailable } from "./case.ts";

export const installedSize: Contender = {
  label: "keelson",
  run: async () => {
    const own = ["dist", "blueprints"].map((name) => join(REPOSITORY, name));
    if (!existsSync(join(REPOSITORY, "dist", "index.js")))
      throw new Unavailable("run make build first");
    const packages = productionPackages().map((path) => join(REPOSITORY, path));
    const installedBytes = [...own, ...packages].reduce((sum, path) => sum + folderBytes(path), 0);
    return { installedBytes, packages: packages.length };
  },
};

/** Folders below `node_modules`, from the lockfile. */
function productionPackages(): readonly string[] {
  const lockfile: { readonly packages: Readonly<Record<string, { readonly dev?: boolean }>> } =
    JSON.parse(readFileSync(join(REPOSITORY, "package-lock.json"), "utf8"));
  return Object.entries(lockfile.packages)
    .filter(([path, { dev }]) => path !== "" && dev !== true)
    .map(([path]) => path);
}

/** Without packages nested inside, which the lockfile lists by themselves. */
function folderBytes(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return sum + statSync(path).size;
    return entry.name === "node_modules" ? sum : sum + folderBytes(path);
  }, 0);
}

// The emitted tree of every blueprint, file by file. `npm run test:update` rewrites it, so that a change of the output is
// read in review like any other change.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import localFirst from "../../blueprints/local-first/platform.ts";
import { compile } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import { LOCK_FILE, readLock } from "../../src/model/index.ts";
import type { Tree } from "../../src/model/index.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const BLUEPRINTS = { "local-first": localFirst };

function treeOf(blueprint: string, definition: unknown): Tree {
  const lock = join(HERE, "../../blueprints", blueprint, LOCK_FILE);
  const outcome = compile({
    definition,
    registry,
    lock: readLock(readFileSync(lock, "utf8")).value,
    sealed: {},
  });
  return outcome.value?.tree ?? new Map<string, string>();
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

describe.each(Object.entries(BLUEPRINTS))("%s", (blueprint, definition) => {
  const tree = treeOf(blueprint, definition);
  const folder = join(HERE, blueprint);

  it("is written as it was", async () => {
    for (const [path, text] of tree) await expect(text).toMatchFileSnapshot(join(folder, path));
  });

  it("leaves no file behind", () => {
    const stale = filesBelow(folder).filter((path) => !tree.has(path));
    // Vitest rewrites snapshots with -u, but knows nothing of those whose path is gone.
    const updating = expect.getState().snapshotState["_updateSnapshot"] === "all";
    if (updating) for (const path of stale) rmSync(join(folder, path));
    else expect(stale).toEqual([]);
  });
});

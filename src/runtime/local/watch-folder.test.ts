// Changes below a real folder: told once a burst, also in folders that appear later, never of dependencies and dot files.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createRealClock } from "../../core/index.ts";
import { watchFolders, type FolderWatch } from "./watch-folder.ts";

const clock = createRealClock({ keepAlive: true });
let folder: string;
let watching: FolderWatch;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keelson-watch-"));
  for (const name of ["src", "node_modules", ".git"]) mkdirSync(join(folder, name));
  told = [];
  watching = watchFolders([folder], clock, (path) => told.push(path.slice(folder.length + 1)));
});
afterEach(() => {
  watching.stop();
  rmSync(folder, { recursive: true, force: true });
});

const write = (path: string): void => writeFileSync(join(folder, path), "x");

/** Looks again until something was told; the test's timeout ends a wait for nothing. */
async function next(): Promise<string> {
  while (told.length === 0) await clock.sleep(10);
  return told.splice(0).join(" ");
}

describe("watchFolders", () => {
  it("tells of a burst once", async () => {
    for (const name of ["a", "b", "c"]) write(`src/${name}.ts`);
    expect(await next()).toBe("src/c.ts");
  });

  it("tells of files in folders that came later", async () => {
    mkdirSync(join(folder, "src", "new"));
    expect(await next()).toBe("src/new");
    write("src/new/a.ts");
    expect(await next()).toBe("src/new/a.ts");
  });

  it("tells nothing of dependencies and dot files", async () => {
    for (const path of ["node_modules/a.js", ".git/index", "src/.a.swp"]) write(path);
    write("src/a.ts");
    expect(await next()).toBe("src/a.ts");
  });
});

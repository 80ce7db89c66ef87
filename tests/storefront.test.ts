// The reference application from the repository's side: its types hold and its lockfile is clean. Its own tests run with
// `npm test` in its folder, against real servers.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { REPOSITORY, runCommand } from "../scripts/run-command.ts";
import { printSkip } from "./skip.ts";
import { checkLockfile, type LockedPackage } from "./tidy/lockfile.ts";
import { formatViolation } from "./tidy/violation.ts";

const FOLDER = join(REPOSITORY, "examples/storefront");
const isInstalled = existsSync(join(FOLDER, "node_modules/.package-lock.json"));
if (!isInstalled) printSkip("types of the storefront", "run npm ci in examples/storefront first");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const readText = (name: string): string => readFileSync(join(FOLDER, name), "utf8");

describe("examples/storefront", () => {
  it("is locked to exact versions of permissive packages that need no build", () => {
    const manifest: Manifest = JSON.parse(readText("package.json"));
    const text = readText("package-lock.json");
    const lock: { packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(text);
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    expect(lock.packages[""]).toMatchObject({
      dependencies,
      devDependencies,
      optionalDependencies,
    });
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
    expect(Object.values(all).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(checkLockfile(text, lock.packages).map(formatViolation)).toEqual([]);
  });

  it.skipIf(!isInstalled)("type-checks", async () => {
    const { code, output } = await runCommand("npx", ["tsc", "-p", FOLDER]);
    expect(output).toBe("");
    expect(code).toBe(0);
  });
});

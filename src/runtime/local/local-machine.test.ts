// Packages that are installed once for all platforms of a machine.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";

import { openLocalMachine } from "./local-machine.ts";

let folder: string;
let installed: string | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keelson-machine-"));
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => {
  // As root it lies where all users may look.
  for (const path of [folder, installed ?? folder]) rmSync(path, { recursive: true, force: true });
});

it("installs what says it is for other versions of Node, under an npm that is strict", async () => {
  const name = basename(folder).toLowerCase();
  const source = join(folder, "source");
  mkdirSync(source);
  const description = { name, version: "1.0.0", engines: { node: "<1" } };
  writeFileSync(join(source, "package.json"), JSON.stringify(description));
  // What npm hands to what it runs in a project with `engine-strict=true`.
  vi.stubEnv("npm_config_engine_strict", "true");
  const machine = await openLocalMachine({
    stateFolder: join(folder, ".keelson"),
    cacheFolder: join(folder, "cache"),
    path: "",
    programs: [],
    onProgress: () => undefined,
  });
  installed = await machine.install({ name, version: "1.0.0", packages: [source] });
  const text = readFileSync(join(installed, "node_modules", name, "package.json"), "utf8");
  expect(JSON.parse(text).version).toBe("1.0.0");
});

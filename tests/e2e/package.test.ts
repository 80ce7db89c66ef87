// The package as npm installs it: packed, installed into an empty project, and used from there alone.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { projectTool, runCommand, type CommandResult } from "../../scripts/run-command.ts";
import { printSkip } from "../skip.ts";
import { requireBuild } from "./keelson-process.ts";

const INSTALL = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
/** npm's words for a registry that cannot be reached. */
const OUT_OF_REACH = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT/;

const root = mkdtempSync(join(tmpdir(), "keelson-package-"));
const project = join(root, "project");
const platform = join(project, "my-platform");
afterAll(() => rmSync(root, { recursive: true, force: true }));

await requireBuild();
const installed = await packAndInstall();
const isOffline = installed.code !== 0 && OUT_OF_REACH.test(installed.output);
if (isOffline) printSkip("npm install", "the package registry cannot be reached");

/** As from a registry: nothing of the repository is in reach but the tarball. */
async function packAndInstall(): Promise<CommandResult> {
  // It is built already; building again would pull the command away from under other tests.
  await runCommand("npm", ["pack", "--ignore-scripts", "--pack-destination", root]);
  const tarball = readdirSync(root).find((name) => name.endsWith(".tgz"));
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  return npm(project, ...INSTALL, join(root, tarball ?? "keelson.tgz"));
}

function npm(cwd: string, ...args: readonly string[]): Promise<CommandResult> {
  return runCommand("npm", args, { cwd });
}

/** `--no`: never from the registry. */
function npx(cwd: string, ...args: readonly string[]): Promise<CommandResult> {
  return runCommand("npx", ["--no", "--loglevel=error", "keelson", ...args], { cwd });
}

describe.skipIf(isOffline)("the packed package", () => {
  it("installs with what it needs, small and without scripts", () => {
    expect(installed.output).not.toContain("npm error");
    expect(installed.code).toBe(0);
    const modules = readdirSync(join(project, "node_modules"));
    expect(modules).toContain("keelson");
    expect(modules).not.toContain("vitest");
  });

  it("makes a platform that checks clean", async () => {
    const made = await npx(project, "init", "my-platform", "--from", "local-first");
    expect([made.output, made.code]).toEqual([expect.stringContaining("platform.ts created"), 0]);
    const checked = await npx(platform, "check");
    expect([checked.output, checked.code]).toEqual([expect.stringContaining("promises"), 0]);
  });

  it("gives the platform's definition its types", async () => {
    const tsc = (): Promise<CommandResult> =>
      runCommand(projectTool("tsc"), ["--noEmit"], { cwd: platform });
    expect(await tsc()).toMatchObject({ output: "", code: 0 });
    const text = readFileSync(join(platform, "platform.ts"), "utf8");
    const wrong = join(platform, "wrong.ts");
    writeFileSync(wrong, text.replace("domain:", "domian:"));
    const { code, output } = await tsc();
    rmSync(wrong);
    expect(code).not.toBe(0);
    expect(output).toMatch(/^wrong\.ts.*'domian'/);
  });

  it("is what the platform's own install gets", async () => {
    const own = await npm(platform, ...INSTALL);
    expect([own.output, own.code]).toEqual([expect.not.stringContaining("npm error"), 0]);
    expect(readdirSync(join(platform, "node_modules"))).toContain("keelson");
    const checked = await npx(platform, "check");
    expect([checked.output, checked.code]).toEqual([expect.stringContaining("promises"), 0]);
  });

  it("brings the embedded cluster as a library", async () => {
    writeFileSync(join(project, "cluster.mjs"), SCRIPT);
    const ran = await runCommand(process.execPath, ["cluster.mjs"], { cwd: project });
    expect(ran).toMatchObject({ output: "node-0 node-1 node-2\n", code: 0 });
  });
});

const SCRIPT = `import { createEmbeddedCluster, createRealClock, createRng } from "keelson/cluster";
const cluster = createEmbeddedCluster({ name: "mine", clock: createRealClock(), rng: createRng("1") });
await cluster.start();
const { items } = await cluster.api.list({ apiVersion: "v1", kind: "Node" });
console.log(items.map(({ metadata }) => metadata.name).join(" "));
`;

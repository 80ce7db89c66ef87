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
    writeFileSync(join(project, "cluster.test.mjs"), FIVE_LINES);
    const tested = await runCommand(process.execPath, ["--test", "cluster.test.mjs"], {
      cwd: project,
    });
    expect([tested.output, tested.code]).toEqual([expect.stringMatching(/pass 1\b/), 0]);
  });

  it("types what the cluster's door opens", async () => {
    writeFileSync(join(platform, "cluster.ts"), TYPED);
    const tsc = await runCommand(projectTool("tsc"), ["--noEmit"], { cwd: platform });
    rmSync(join(platform, "cluster.ts"));
    expect(tsc).toMatchObject({ output: "", code: 0 });
  });
});

/** As a test's author writes it, with the runner that every Node has. */
const FIVE_LINES = `import { startVirtualCluster } from "keelson/cluster";
import assert from "node:assert";
import { test } from "node:test";

test("a Job is run by a pod", async () => {
  const cluster = await startVirtualCluster();
  await cluster.api.create(${JSON.stringify({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "once", namespace: "default" },
    spec: {
      template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } },
    },
  })});
  await cluster.settled();
  const { items } = await cluster.api.list({ apiVersion: "v1", kind: "Pod" });
  assert.deepEqual(items.map(({ status }) => status.phase), ["Succeeded"]);
});
`;

const TYPED = `import { isNotFound, startCluster, startVirtualCluster } from "keelson/cluster";
import type { KubeApi, KubernetesObject, RunningCluster, VirtualCluster } from "keelson/cluster";

export async function use(object: KubernetesObject): Promise<string> {
  const virtual: VirtualCluster = await startVirtualCluster({ nodes: [{ count: 1 }], seed: "1" });
  const api: KubeApi = virtual.api;
  await api.create(object).catch((error: unknown) => isNotFound(error));
  await virtual.advance(1000);
  const real: RunningCluster = await startCluster();
  return (await real.serve({ port: 0 })).kubeconfig;
}
`;

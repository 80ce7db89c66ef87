// Builds `dist/`: cleans, compiles, bundles, makes the command executable, writes the JSON Schema and checks what would be published.
// Everything happens in a folder beside `dist/` that takes its place at the end, so a failed build leaves the old one usable.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { copyFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { bundle } from "./build-bundle.ts";
import { checkShippedFiles } from "./build-contents.ts";
import { writeJsonSchema } from "./build-json-schema.ts";
import { formatDuration, projectTool, REPOSITORY, runCommand } from "./run-command.ts";

const DIST = join(REPOSITORY, "dist");
const STAGE = join(REPOSITORY, "dist-next");
/** Made when the build starts, so that it is newer than every source exactly when `dist/` is up to date; make looks at it too. */
const STAMP = ".built";
const SHEBANG = "#!/usr/bin/env node\n";

/** What a step did, in a few words for the progress line; a step that fails throws. */
type Step = readonly [name: string, run: () => Promise<string> | string];

const STEPS: readonly Step[] = [
  ["clean", clean],
  ["compile", () => compile(process.argv.includes("--checked"))],
  ["schema", () => writeJsonSchema(STAGE)],
  ["bundle", () => bundle(STAGE)],
  ["command", makeCommandExecutable],
  ["hook", copyProcessHook],
  ["contents", () => checkShippedFiles(STAGE)],
  ["publish", publish],
];

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--if-stale") && isFresh()) return say("build", "up to date");
  const startedMs = performance.now();
  try {
    for (const [name, run] of STEPS) say(name, await run());
    say("build", `done in ${formatDuration(performance.now() - startedMs)}`);
  } catch (error) {
    rmSync(STAGE, { recursive: true, force: true });
    say("build", `failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function clean(): string {
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(STAGE);
  writeFileSync(join(STAGE, STAMP), "");
  return "dist-next emptied";
}

/** Types that have just been checked are not checked again. */
async function compile(isChecked: boolean): Promise<string> {
  const checking = isChecked ? ["--noCheck"] : [];
  const args = ["-p", "tsconfig.build.json", "--outDir", STAGE, ...checking];
  const result = await runCommand(projectTool("tsc"), args);
  if (result.code !== 0) throw new Error(`tsc found errors\n${result.output}`);
  return `tsc in ${formatDuration(result.durationMs)}`;
}

function makeCommandExecutable(): string {
  const command = join(STAGE, "cli", "main.js");
  if (!existsSync(command))
    throw new Error("src/cli/main.ts is missing, and package.json's bin names it");
  const text = readFileSync(command, "utf8");
  if (!text.startsWith("#!")) writeFileSync(command, SHEBANG + text);
  chmodSync(command, 0o755);
  return "cli/main.js";
}

/** Loaded into other people's processes, so it is no module of ours and stays as it was written. */
function copyProcessHook(): string {
  const name = "cluster/network/process-hook.cjs";
  copyFileSync(join(REPOSITORY, "src", name), join(STAGE, name));
  return name;
}

function publish(): string {
  rmSync(DIST, { recursive: true, force: true });
  renameSync(STAGE, DIST);
  return "dist";
}

function isFresh(): boolean {
  const stamp = join(DIST, STAMP);
  if (!existsSync(stamp)) return false;
  const inputs = ["src", "scripts", "package.json", "tsconfig.build.json", "tsconfig.json"];
  return newestMs(inputs.map((name) => join(REPOSITORY, name))) <= statSync(stamp).mtimeMs;
}

/** Folders count too: removing a file only changes its folder. */
function newestMs(paths: readonly string[]): number {
  return Math.max(
    ...paths.map((path) => {
      const status = statSync(path);
      if (!status.isDirectory()) return status.mtimeMs;
      const children = readdirSync(path).map((name) => join(path, name));
      return Math.max(status.mtimeMs, newestMs(children));
    }),
  );
}

function say(name: string, text: string): void {
  process.stderr.write(`${name.padEnd(10)} ${text}\n`);
}

await main(process.argv.slice(2));

// Bundles what tsc made: a cold command loads a handful of files instead of hundreds. What is imported lazily stays apart,
// packages stay imports, and the types stay as tsc wrote them, one file for each source.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { rolldown } from "rolldown";

import { REPOSITORY } from "./run-command.ts";

/** The command, the doors that package.json exports, the programs of local services, and the rooms `make bench` measures. */
const ENTRIES: readonly string[] = [
  "cli/main",
  "index",
  "cluster/index",
  "programs/main",
  "render/index",
  "runtime/index",
];

/** What every command of the command line loads. */
const COMMAND_FILES =
  "environment|exit-code|package-root|terminal|usage-error|version|up/interrupt|up/running-platform|up/state-folder";

/**
 * Files that are small and loaded together, in one chunk each: Node takes longer over a file than over its text. What else is
 * shared, the bundler puts together by who needs it.
 */
const CHUNKS = [
  { name: "core", test: /\/core\// },
  { name: "command", test: new RegExp(`/cli/(${COMMAND_FILES})\\.js$`) },
  { name: "objects", test: /\/kubernetes\/(object|scheduling\/node|schemas\/correlate)\.js$/ },
];

/** Replaces the JavaScript below the folder by its bundle; says how many files that are. */
export async function bundle(folder: string): Promise<string> {
  const build = await rolldown({
    input: Object.fromEntries(ENTRIES.map((name) => [name, join(folder, `${name}.js`)])),
    external: [/^node:/, ...dependencies().map((name) => new RegExp(`^${name}(/|$)`))],
    platform: "node",
    // What chunks of our own making ask for; a test holds the doors to what they say.
    preserveEntrySignatures: "allow-extension",
  });
  const { output } = await build.generate({
    format: "esm",
    entryFileNames: "[name].js",
    // As deep as the command: what looks for the package's root finds it from either.
    chunkFileNames: "chunks/[name]-[hash].js",
    codeSplitting: { includeDependenciesRecursively: false, groups: CHUNKS },
  });
  await build.close();
  for (const file of scripts(folder)) rmSync(file);
  for (const part of output) {
    if (part.type === "chunk") write(folder, part.fileName, part.code);
  }
  return `${output.length} files`;
}

function write(folder: string, name: string, code: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
}

function scripts(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function dependencies(): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
  const { dependencies: packages } = manifest as { readonly dependencies: object };
  return Object.keys(packages);
}

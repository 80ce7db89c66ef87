// Every kubectl on this machine, newest first: the one on the PATH and siblings such as `kubectl.1.27` beside it or beside what it
// links to, as Google's SDK installs them. A dispatcher, which picks one of its siblings itself, is none of its own.

import { readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

import { findOnPath } from "../../../scripts/find-tool.ts";
import { runCommand } from "../../../scripts/run-command.ts";

export interface KubectlBinary {
  readonly path: string;
  readonly minor: number;
}

export async function findKubectls(): Promise<readonly KubectlBinary[]> {
  const found = await Promise.all(candidates().map(inspect));
  const byMinor = new Map<number, KubectlBinary>();
  for (const binary of found) {
    if (binary !== undefined && !byMinor.has(binary.minor)) byMinor.set(binary.minor, binary);
  }
  return [...byMinor.values()].toSorted((a, b) => b.minor - a.minor);
}

function candidates(): readonly string[] {
  const named = process.env["KEELSON_KUBECTL"]?.split(":") ?? [];
  const main = findOnPath("kubectl");
  if (main === undefined) return named;
  const folders = new Set([dirname(main), dirname(realpathSync(main))]);
  const siblings = [...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^kubectl[.-]?v?1\.\d+(\.\d+)?$/.test(name))
      .map((name) => join(folder, name)),
  );
  return [...named, main, ...siblings];
}

async function inspect(path: string): Promise<KubectlBinary | undefined> {
  const { code, stdout } = await runCommand(path, ["version", "--client", "-o", "json"]);
  const version = /"gitVersion": "v1\.(\d+)\.([^"]*)"/.exec(stdout);
  if (code !== 0 || version === null || version[2]?.includes("dispatcher") === true)
    return undefined;
  return { path, minor: Number(version[1]) };
}

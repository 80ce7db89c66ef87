// Programs the tests start, and how they end: with the test, whatever happens to it.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Run as this user; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

const started = new Set<ChildProcess>();
process.on("exit", () => started.forEach((child) => child.kill("SIGKILL")));

export function startProgram(
  command: string,
  args: readonly string[],
  { env, cwd, user }: ProgramOptions = {},
): ChildProcess {
  const child = spawn(command, args, {
    env: env ?? process.env,
    cwd,
    ...user,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // A pipe that nobody empties would stop a program that logs.
  child.stdout?.resume();
  child.stderr?.resume();
  started.add(child);
  child.once("exit", () => started.delete(child));
  return child;
}

/** Resolves with the exit code. */
export function endProgram(
  child: ChildProcess,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
    child.once("exit", (code) => resolve(code));
    child.kill(signal);
  });
}

/** Absolute path of the first of these programs that is installed. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...postgresFolders()];
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name);
      if (folder !== "" && existsSync(path)) return path;
    }
  return undefined;
}

/** Debian keeps the server's programs outside the path, newest version last. */
function postgresFolders(): string[] {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, "bin"));
}

/** PostgreSQL refuses to run as root; `nobody` will do. */
export function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(spawnSync("id", [flag, "nobody"]).stdout);
  return { uid: idOf("-u"), gid: idOf("-g") };
}

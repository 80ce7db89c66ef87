// The built command as a child process, as a person's shell runs it.

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectTool, REPOSITORY, runCommand } from "../../scripts/run-command.ts";
import { createRealClock, hash32 } from "../../src/core/index.ts";

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");
const LOCK = join(tmpdir(), `keelson-build-${hash32(REPOSITORY).toString(16)}.lock`);

/** Builds what is not built yet, one test file at a time: they run side by side. */
export async function requireBuild(): Promise<void> {
  const clock = createRealClock({ keepAlive: true });
  while (!claimLock()) await clock.sleep(100);
  try {
    const args = [join("scripts", "build.ts"), "--if-stale"];
    const { code, output } = await runCommand(projectTool("jiti"), args);
    if (code !== 0) throw new Error(`the command cannot be built\n${output}`);
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** A lock whose owner is gone is nobody's. */
function claimLock(): boolean {
  try {
    const file = openSync(LOCK, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch {
    if (!isAlive(Number(readIfPresent(LOCK)))) rmSync(LOCK, { force: true });
    return false;
  }
}

function readIfPresent(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Also for the negative of a process group's id. */
export function isAlive(pid: number): boolean {
  try {
    return pid !== 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

export interface Ended {
  /** 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves when standard output holds the text; rejects when the command ends before. */
  printed(text: string): Promise<string>;
  said(): { readonly stdout: string; readonly stderr: string };
  signal(name: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
}

/** In a process group of its own, so that a test can see whether anything is left of it. */
export function startKeelson(cwd: string, ...args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    detached: true,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_OPTIONS: "" },
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 128, ...said }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    printed: (text) => untilPrinted(child, text, () => said, ended),
    said: () => ({ ...said }),
    signal: (name) => void child.kill(name),
  };
}

function untilPrinted(
  child: ChildProcess,
  text: string,
  said: () => { readonly stdout: string; readonly stderr: string },
  ended: Promise<Ended>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (said().stdout.includes(text)) resolve(said().stdout);
    };
    child.stdout?.on("data", look);
    look();
    void ended.then(({ code, stderr }) => reject(new Error(`ended with ${code}\n${stderr}`)));
  });
}

export function runKeelson(cwd: string, ...args: readonly string[]): Promise<Ended> {
  return startKeelson(cwd, ...args).ended;
}

// Runs the system's git. Plumbing only; no user configuration leaks in, so that the same input gives the same result everywhere.

import { spawn } from "node:child_process";

/** git ended with a non-zero code; `stderr` holds its own words. */
export class GitError extends Error {
  override readonly name = "GitError";
  readonly exitCode: number;
  readonly stderr: string;

  constructor(args: readonly string[], exitCode: number, stderr: string) {
    super(`git ${args[0] ?? ""} ended with ${exitCode}: ${stderr.trim()}`);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

export interface GitOptions {
  /** The repository's folder. */
  readonly directory: string;
  readonly stdin?: string;
  /** Exit codes that are answers rather than failures. */
  readonly allow?: readonly number[];
}

export interface GitAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

// A person's identity, hooks, signing and templates must not change what we write.
const ISOLATED = [
  ["core.hooksPath", "/dev/null"],
  ["commit.gpgSign", "false"],
  ["core.autocrlf", "false"],
  ["gc.auto", "0"],
  ["user.name", "keelson"],
  ["user.email", "keelson@localhost"],
].flatMap(([key, value]) => ["-c", `${key}=${value}`]);

export function git(args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", [...ISOLATED, ...args], { cwd: options.directory });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => void out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => void err.push(chunk));
    child.on("error", (cause) => reject(new Error("run git (is it installed?)", { cause })));
    child.on("close", (code) => {
      const answer = { stdout: text(out), stderr: text(err), exitCode: code ?? 1 };
      const fine = answer.exitCode === 0 || options.allow?.includes(answer.exitCode);
      if (fine) resolve(answer);
      else reject(new GitError(args, answer.exitCode, answer.stderr));
    });
    child.stdin.on("error", () => undefined); // git may end before it has read everything; `close` tells how
    child.stdin.end(options.stdin ?? "");
  });
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");

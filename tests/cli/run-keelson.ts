// Runs the real command line in this process and keeps what it wrote.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach } from "vitest";

import { runCommandLine } from "../../src/cli/run-command-line.ts";

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One run in `cwd`, without colours, as in a pipe. */
export async function runKeelson(cwd: string, ...args: readonly string[]): Promise<Run> {
  const written = { stdout: "", stderr: "" };
  const code = await runCommandLine(args, {
    out: (text) => (written.stdout += text),
    err: (text) => (written.stderr += text),
    cwd,
    environment: {
      HOME: cwd,
      PATH: undefined,
      LANG: undefined,
      XDG_CACHE_HOME: join(tmpdir(), "keelson-test-cache"),
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      TERM: "dumb",
    },
    isInteractive: false,
    color: { out: false, err: false },
  });
  return { code, ...written };
}

/** A folder of its own for each call, gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "keelson-cli-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

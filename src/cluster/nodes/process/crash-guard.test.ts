// The guard ends what it was told of when the pipe to it closes, as it does however a runtime ends.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

import { expect, test } from "vitest";

import { startCrashGuard } from "./crash-guard.ts";
import { readProcess } from "./process-table.ts";

function idle(): ChildProcess & { readonly pid: number } {
  const child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
  if (child.pid === undefined) throw new Error("sleep starts");
  return child as ChildProcess & { readonly pid: number };
}

test("ends the groups that are left, and no others", async () => {
  const guard = startCrashGuard();
  const [first, left, last] = [idle(), idle(), idle()];
  for (const { pid } of [first, left, last]) guard.add(pid);
  guard.remove(first.pid);
  guard.remove(last.pid);
  guard.close();
  expect(await once(left, "exit")).toEqual([null, "SIGTERM"]);
  for (const kept of [first, last]) {
    expect(readProcess(kept.pid)).toBeDefined();
    kept.kill("SIGKILL");
  }
});

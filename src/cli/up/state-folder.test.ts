import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { claimStateFolder } from "./state-folder.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "keelson-state-"));
  mkdirSync(join(cwd, ".keelson"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** When the process that runs these tests was started by another, as the kernel counts it. */
function startOfParent(): string {
  const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

const isLinux = process.platform === "linux";

describe("the folder of a running platform", () => {
  it.each([
    { name: "nobody", owner: "" },
    { name: "something that is no process", owner: "soon\n" },
    { name: "a process that is gone", owner: "4194304 1\n" },
    // Elsewhere the system does not tell when a process started.
    ...(isLinux
      ? [{ name: "another process of the same number", owner: `${process.ppid} 1\n` }]
      : []),
  ])("is taken over from $name", ({ owner }) => {
    writeFileSync(join(cwd, ".keelson", "up.pid"), owner);
    const state = claimStateFolder(cwd);
    const text = readFileSync(join(cwd, ".keelson", "up.pid"), "utf8");
    expect(text.split(/\s/)[0]).toBe(String(process.pid));
    state.release();
  });

  it("is refused while its process runs", () => {
    const started = isLinux ? startOfParent() : "";
    writeFileSync(join(cwd, ".keelson", "up.pid"), `${process.ppid} ${started}\n`);
    expect(() => claimStateFolder(cwd)).toThrow(
      `another keelson (process ${process.ppid}) runs on`,
    );
  });

  it("is refused to a version that wrote no start, as long as the process runs", () => {
    writeFileSync(join(cwd, ".keelson", "up.pid"), `${process.ppid}\n`);
    expect(() => claimStateFolder(cwd)).toThrow("another keelson");
  });
});

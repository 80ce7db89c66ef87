import { describe, expect, it } from "vitest";

import { findOnPath } from "./find-tool.ts";
import { runCommand } from "./run-command.ts";

function runNode(code: string, input?: string) {
  return runCommand(process.execPath, ["-e", code], input === undefined ? {} : { input });
}

describe("runCommand", () => {
  it("keeps the result apart from everything said", async () => {
    const { code, stdout, output } = await runNode("console.log(1); console.error(2);");
    expect({ code, stdout, lines: output.split("\n").toSorted() }).toEqual({
      code: 0,
      stdout: "1\n",
      lines: ["", "1", "2"],
    });
  });

  it("passes input on", async () => {
    const { stdout } = await runNode("process.stdin.pipe(process.stdout)", "hello");
    expect(stdout).toBe("hello");
  });

  it("answers the exit code", async () => {
    expect((await runNode("process.exit(3)")).code).toBe(3);
  });

  it("answers a signal", async () => {
    const { code, output } = await runNode("process.kill(process.pid, 'SIGKILL')");
    expect({ code, output }).toEqual({ code: 128, output: "ended by SIGKILL\n" });
  });

  it("answers a program that does not exist", async () => {
    const { code, output } = await runCommand("no-such-program", []);
    expect({ code, output }).toEqual({
      code: 127,
      output: "cannot start no-such-program: spawn no-such-program ENOENT\n",
    });
  });
});

describe("findOnPath", () => {
  it("finds what is there", () => {
    expect(findOnPath("sh")).toMatch(/\/sh$/);
  });

  it("does not find what is not", () => {
    expect(findOnPath("no-such-program")).toBeUndefined();
  });
});

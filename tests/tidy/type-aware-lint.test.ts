// The linter's type-aware rules depend on a second program; without it they pass everything in silence. So one offence is planted.

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { projectTool, REPOSITORY, runCommand } from "../../scripts/run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "keelson-lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("lint", () => {
  it("finds a floating promise", async () => {
    symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    const options = { module: "NodeNext", target: "ES2023", strict: true };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
    writeFileSync(join(folder, "a.ts"), "export const f = async () => 1;\nf();\n");
    const config = join(REPOSITORY, ".oxlintrc.json");
    const args = ["--type-aware", "-c", config, "--format", "unix", "a.ts"];
    const result = await runCommand(projectTool("oxlint"), args, { cwd: folder });
    expect(result.output).toContain("no-floating-promises");
    expect(result.code).toBe(1);
  });
});

import { describe, expect, it } from "vitest";

import {
  countSkippedTests,
  findSkippedFiles,
  formatSkippedFile,
  parseSkipLines,
} from "./skip-summary.ts";

describe("skip summary", () => {
  it("reads the reason and ignores other output", () => {
    expect(parseSkipLines("hello\nSKIP kubectl: not on the PATH\n SKIPPED x: y\n")).toEqual([
      "kubectl: not on the PATH",
    ]);
  });

  it("names the file, the number and the reasons", () => {
    const skipped = {
      file: "tests/e2e/a.test.ts",
      count: 2,
      reasons: ["kubectl: not on the PATH"],
    };
    expect(formatSkippedFile(skipped)).toBe(
      "skipped 2 tests in tests/e2e/a.test.ts: kubectl: not on the PATH",
    );
  });

  it("says loudly when there is no reason", () => {
    expect(formatSkippedFile({ file: "a.test.ts", count: 1, reasons: [] })).toBe(
      "skipped 1 test in a.test.ts: NO REASON; print one with printSkip of tests/skip.ts",
    );
  });

  it("counts what it wrote", () => {
    const output = [
      " ✓ src/core/path.test.ts (5 tests)",
      formatSkippedFile({ file: "a.test.ts", count: 3, reasons: ["x: y"] }),
      formatSkippedFile({ file: "b.test.ts", count: 1, reasons: ["x: y"] }),
    ].join("\n");
    expect(countSkippedTests(findSkippedFiles(output))).toBe(4);
  });
});

// A vitest reporter that ends every run with what was skipped and why, one line per test file.
// A skip without a reason makes the run fail: what is not tested on a machine must be known there.

import { relative } from "node:path";

import type { UserConsoleLog } from "vitest";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";

import { formatSkippedFile, parseSkipLines, type SkippedFile } from "./skip-summary.ts";

export default class SkipReporter implements Reporter {
  /** What was printed, with the id of the file or test that printed it. */
  private readonly printed: { readonly taskId: string; readonly reasons: readonly string[] }[] = [];
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onUserConsoleLog({ taskId, content }: UserConsoleLog): void {
    const reasons = parseSkipLines(content);
    if (reasons.length > 0) this.printed.push({ taskId: taskId ?? "", reasons });
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // With a name filter everything else counts as skipped, which is what was asked for.
    if (this.vitest?.config.testNamePattern !== undefined) return;
    const skipped = modules
      .map((module) => this.summarise(module))
      .filter(({ count }) => count > 0);
    for (const file of skipped) process.stdout.write(`${formatSkippedFile(file)}\n`);
    if (skipped.some(({ reasons }) => reasons.length === 0)) process.exitCode = 1;
  }

  private summarise(module: TestModule): SkippedFile {
    const tests = [...module.children.allTests("skipped")];
    const reasons = [...this.reasonsOf(module), ...tests.flatMap(noteOf)];
    return {
      file: relative(this.vitest?.config.root ?? "", module.moduleId).replaceAll("\\", "/"),
      count: tests.length,
      reasons: [...new Set(reasons)],
    };
  }

  /** The id of a test starts with the id of its file. */
  private reasonsOf(module: TestModule): readonly string[] {
    return this.printed
      .filter(({ taskId }) => taskId === module.id || taskId.startsWith(`${module.id}_`))
      .flatMap(({ reasons }) => reasons);
  }
}

function noteOf(test: TestCase): readonly string[] {
  const result = test.result();
  return result.state === "skipped" && result.note !== undefined ? [result.note] : [];
}

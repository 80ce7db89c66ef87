// What a run skipped, and why, as plain values: the part of the skip reporter that needs no test runner.

/** What one test file skipped. */
export interface SkippedFile {
  readonly file: string;
  readonly count: number;
  /** What `printSkip` and `context.skip(note)` said; empty when nobody said why. */
  readonly reasons: readonly string[];
}

const SKIP_LINE = /^SKIP (?<name>[^:]+): (?<reason>.+)$/;

/** `kubectl: not on the PATH` for each line of the form `SKIP kubectl: not on the PATH`. */
export function parseSkipLines(output: string): readonly string[] {
  return output.split("\n").flatMap((line) => {
    const groups = SKIP_LINE.exec(line.trim())?.groups;
    return groups === undefined ? [] : [`${groups["name"]}: ${groups["reason"]}`];
  });
}

/** One line per file, as the gate prints them. */
export function formatSkippedFile({ file, count, reasons }: SkippedFile): string {
  const tests = `skipped ${count} ${count === 1 ? "test" : "tests"} in ${file}`;
  if (reasons.length === 0) return `${tests}: NO REASON; print one with printSkip of tests/skip.ts`;
  return `${tests}: ${reasons.join("; ")}`;
}

/** Reads back what `formatSkippedFile` wrote into a longer output. */
export function findSkippedFiles(output: string): readonly string[] {
  return output.split("\n").filter((line) => /^skipped \d+ tests? in /.test(line));
}

export function countSkippedTests(lines: readonly string[]): number {
  const counts = lines.map((line) => Number(/^skipped (\d+) /.exec(line)?.[1] ?? 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

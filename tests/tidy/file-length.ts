// A file is at most 500 lines; tests, facts and generated files are exempt by their names.

import { isDataFile, isTestFile, isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** Aim for 80 to 150; this is where a file is certainly two ideas. */
export const LINES_MAX = 500;

export function checkFileLength(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => isTypeScript(path) && !isTestFile(path) && !isDataFile(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => ({
      file: path,
      line: LINES_MAX + 1,
      what: `${lines} lines, more than ${LINES_MAX}`,
      instead: "split it by idea, one exported noun per file",
    }));
}

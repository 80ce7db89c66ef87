// Files are named by the field's nouns, in kebab-case, and open with what they are.

import { isDataFile, isShippedSource, isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const DUMP = /(^|\/)(utils?|helpers?|types?|common|misc|shared)\.ts$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.tsx?$/;

export function checkFileNames(files: readonly SourceFile[]): readonly Violation[] {
  return files.filter(({ path }) => isTypeScript(path)).flatMap(checkFile);
}

function checkFile({ path, text }: SourceFile): readonly Violation[] {
  const place = { file: path, line: 1 };
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (DUMP.test(path)) {
    const what = `${name} says nothing about what is inside`;
    return [{ ...place, what, instead: "name it by its one idea, e.g. format-table.ts" }];
  }
  if (!KEBAB.test(name)) {
    return [
      { ...place, what: `${name} is not kebab-case`, instead: "rename it like resolve-plan.ts" },
    ];
  }
  if (!needsHeader(path) || /^(#!.*\n)?\s*\/[/*]/.test(text)) return [];
  const instead = "open it with 2 to 4 lines: what it is, and its source when it mirrors one";
  return [{ ...place, what: "has no header comment", instead }];
}

function needsHeader(path: string): boolean {
  return isShippedSource(path) && !path.endsWith("/index.ts") && !isDataFile(path);
}

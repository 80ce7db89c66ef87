// Named exports only: a name that can be searched for, and the same everywhere.

import { walkSyntax } from "../../scripts/parse-source.ts";
import { isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** Files whose reader, a tool or Keelson itself, looks for the default export. */
const WANTED =
  /^(vitest(\.browser)?\.config\.ts|tests\/skip-reporter\.ts|(blueprints|examples)\/)|(^|\/)platform[^/]*\.ts$|\/fixtures\//;

export function checkDefaultExports(files: readonly SourceFile[]): readonly Violation[] {
  return files.filter(({ path }) => isTypeScript(path) && !WANTED.test(path)).flatMap(checkFile);
}

function checkFile(file: SourceFile): readonly Violation[] {
  const violations: Violation[] = [];
  if (!file.text.includes("default")) return violations;
  walkSyntax(file.program(), (node) => {
    if (node.type !== "ExportDefaultDeclaration") return;
    const place = { file: file.path, line: node.loc.start.line };
    violations.push({ ...place, what: "exports a default", instead: "export it by its name" });
  });
  return violations;
}

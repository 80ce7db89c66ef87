// `any` switches the compiler off for everything it touches.

import { walkSyntax } from "../../scripts/parse-source.ts";
import { isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** JSON.parse answers `any`; this file turns it into a value the compiler knows. */
const OWNER = "src/core/json.ts";

export function checkExplicitAny(files: readonly SourceFile[]): readonly Violation[] {
  return files.filter(({ path }) => isTypeScript(path) && path !== OWNER).flatMap(checkFile);
}

function checkFile(file: SourceFile): readonly Violation[] {
  const violations: Violation[] = [];
  if (!file.text.includes("any")) return violations;
  walkSyntax(file.program(), (node) => {
    if (node.type !== "TSAnyKeyword") return;
    const instead = "write unknown and a guard";
    violations.push({ file: file.path, line: node.loc.start.line, what: "uses any", instead });
  });
  return violations;
}

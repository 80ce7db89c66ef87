// Turns a relative specifier into a path of the repository.

import { posix } from "node:path";

import { findImports, type ModuleImport } from "../../scripts/module-imports.ts";
import type { SourceFile } from "./source-file.ts";

export interface ResolvedImport extends ModuleImport {
  /** The path of the repository it points to; undefined for packages and Node's own modules. */
  readonly target: string | undefined;
}

export function resolvedImports(file: SourceFile): readonly ResolvedImport[] {
  return findImports(file.program()).map((found) => ({
    ...found,
    target: found.specifier.startsWith(".")
      ? posix.normalize(posix.join(posix.dirname(file.path), found.specifier))
      : undefined,
  }));
}

// A file of `src/` that nothing imports is dead. A test alone does not keep a file alive.

import { resolvedImports } from "./resolve-import.ts";
import { isShippedSource, isTestFile, isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** Where the outside comes in: the package's doors, the rooms' doors, the command, and files named in package.json. */
const ENTRY = /^src\/([^/]+\/)?index\.ts$|^src\/(cli|programs)\/main\.ts$/;

export function checkDeadFiles(files: readonly SourceFile[]): readonly Violation[] {
  const alive = new Set(
    files.filter(keepsAlive).flatMap((file) => resolvedImports(file).map(({ target }) => target)),
  );
  return files
    .filter(({ path }) => isShippedSource(path) && !ENTRY.test(path) && !alive.has(path))
    .map(({ path }) => ({
      file: path,
      line: 1,
      what: "nothing imports this file",
      instead: "use it where it is needed, or delete it with its test",
    }));
}

function keepsAlive({ path }: SourceFile): boolean {
  return isTypeScript(path) && /^(src|bench|scripts)\//.test(path) && !isTestFile(path);
}

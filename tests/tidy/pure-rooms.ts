// The stages before delivery are pure: no Node module, so no disk, no network and no process.

import { isBuiltin } from "node:module";

import { resolvedImports } from "./resolve-import.ts";
import { PURE_ROOMS, roomOf } from "./rooms.ts";
import { isShippedSource, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** How a component acts in a running cluster and runs on a laptop; loaded only there. */
const RUNNING = /^src\/components\/(.*\/)?(behaviour|local)(\.ts$|\/)/;

export function checkPureRooms(files: readonly SourceFile[]): readonly Violation[] {
  return files.filter(isPure).flatMap((file) =>
    resolvedImports(file)
      .filter(({ specifier }) => isBuiltin(specifier))
      .map(({ specifier, line }) => ({
        file: file.path,
        line,
        what: `${roomOf(file.path) ?? "src"} is pure and imports ${specifier}`,
        instead: "pass the value in, or do this in delivery, runtime or cli",
      })),
  );
}

function isPure({ path }: SourceFile): boolean {
  const pure = PURE_ROOMS.includes(roomOf(path) ?? "");
  return pure && isShippedSource(path) && !RUNNING.test(path);
}

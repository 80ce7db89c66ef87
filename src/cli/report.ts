// Prints findings for people, with the lines they are about.

import type { Diagnostic } from "../core/index.ts";
import { formatPath } from "../core/index.ts";
import type { Sources } from "./output/position.ts";
import { placeOf } from "./output/position.ts";

export function formatFindings(diagnostics: readonly Diagnostic[], sources: Sources): string {
  return diagnostics
    .map((found) => {
      const place = placeOf(found, sources);
      return `${found.severity}[${found.code}]: ${found.message}\n  --> ${place ? `${place.file}:${place.line}:${place.column}` : ""} ${formatPath(found.path)}\n${found.hint ? `  hint: ${found.hint}\n` : ""}`;
    })
    .join("");
}

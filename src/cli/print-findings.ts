// Findings of a command whose result is something else: on the stream for diagnostics.

import type { Diagnostic } from "../core/index.ts";
import type { Sources } from "./output/position.ts";
import { renderDiagnostics } from "./print-diagnostics.ts";
import type { Terminal } from "./terminal.ts";

export function printFindings(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  terminal: Pick<Terminal, "err" | "color">,
): void {
  terminal.err(renderDiagnostics(diagnostics, sources, { colour: terminal.color.err }));
}

// Gives findings their place in the definition's source. The source is parsed once, and only when somebody asks.

import { createRequire } from "node:module";

import type { Diagnostic, Path } from "../../core/index.ts";
import { positionAt } from "../../core/index.ts";
import type { SourceMap } from "../../model/index.ts";
import { locateDiagnostics, sourceMapOf } from "../../model/index.ts";
import type { DefinitionFile } from "./load-definition.ts";

/** Synchronous, so that asking for a place makes nobody wait. */
const loadParser = createRequire(import.meta.url);
const maps = new WeakMap<DefinitionFile, SourceMap>();

function mapOf(file: DefinitionFile): SourceMap {
  const known = maps.get(file) ?? sourceMapOf(file.shown, file.text, loadParser);
  maps.set(file, known);
  return known;
}

export function withSpans(
  diagnostics: readonly Diagnostic[],
  file: DefinitionFile,
): readonly Diagnostic[] {
  return diagnostics.length === 0 ? diagnostics : locateDiagnostics(diagnostics, mapOf(file));
}

/** `platform.ts:46:15`, or the file alone for a path that is written nowhere. */
export function placeOfPath(path: Path, file: DefinitionFile): string {
  const span = mapOf(file).spanAt(path);
  if (path.length === 0 || span === undefined) return file.shown;
  const { line, column } = positionAt(file.text, span.start);
  return `${span.near === true ? "near " : ""}${file.shown}:${line}:${column}`;
}

// From a path in a definition to where it is written. The source is parsed when the first position is asked for, so that
// a run without findings never loads a parser.

import type { Diagnostic, Path, Related, Span } from "../../core/index.ts";
import type { LoadParser, Place, Places } from "./places.ts";
import { typescriptPlaces } from "./typescript-places.ts";
import { yamlPlaces } from "./yaml-places.ts";

export type { LoadParser } from "./places.ts";

export type SourceKind = "typescript" | "yaml" | "json";

export interface SourceMap {
  /** The value at a path, or the nearest thing around it that is written down, marked `near`. */
  spanAt(path: Path): Span | undefined;
  /** The key that names the value, where there is one; otherwise as `spanAt`. */
  keySpanAt(path: Path): Span | undefined;
}

export function sourceKindOf(file: string): SourceKind {
  if (/\.ya?ml$/i.test(file)) return "yaml";
  return /\.json$/i.test(file) ? "json" : "typescript";
}

/** `file` is the name that spans carry. A text that cannot be parsed has no positions. */
export function sourceMapOf(
  file: string,
  text: string,
  load: LoadParser,
  kind: SourceKind = sourceKindOf(file),
): SourceMap {
  let parsed: Places | undefined;
  const places = (): Places =>
    (parsed ??= kind === "typescript" ? typescriptPlaces(text, load) : yamlPlaces(text, load));
  const toSpan = (place: Place | undefined): Span | undefined =>
    place === undefined ? undefined : { file, ...place };
  return {
    spanAt: (path) => toSpan(places().valueAt(path)),
    keySpanAt: (path) => toSpan(places().keyAt(path) ?? places().valueAt(path)),
  };
}

/** Codes about a key rather than about its value. */
const ABOUT_KEYS = /\/(unknown-key|bad-name|duplicate-key)$/;

/** Fills in the spans that are not there yet. */
export function locateDiagnostics(
  diagnostics: readonly Diagnostic[],
  source: SourceMap,
): Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const { code, path, related } = diagnostic;
    const span =
      diagnostic.span ?? (ABOUT_KEYS.test(code) ? source.keySpanAt(path) : source.spanAt(path));
    return {
      ...diagnostic,
      ...(span === undefined ? {} : { span }),
      ...(related === undefined ? {} : { related: related.map((one) => locate(one, source)) }),
    };
  });
}

function locate(related: Related, source: SourceMap): Related {
  const span = related.span ?? (related.path.length > 0 ? source.spanAt(related.path) : undefined);
  return span === undefined ? related : { ...related, span };
}

// Where a finding stands, as machine-readable formats want it: file, line and column, all starting at 1.

import type { Diagnostic } from "../../core/index.ts";
import { positionAt } from "../../core/index.ts";

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Text of the files findings point into, by the name in their spans. */
export type Sources = ReadonlyMap<string, string>;

export function placeOf({ span }: Pick<Diagnostic, "span">, sources: Sources): Place | undefined {
  const text = span && sources.get(span.file);
  if (span === undefined || text === undefined) return undefined;
  const start = positionAt(text, span.start);
  const end = positionAt(text, span.end);
  return { file: span.file, ...start, endLine: end.line, endColumn: end.column };
}

// What a parsed source answers with.

import type { Path } from "../../core/index.ts";

/** Offsets in the text. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly near?: boolean;
}

/** What a parsed source knows. */
export interface Places {
  valueAt(path: Path): Place | undefined;
  keyAt(path: Path): Place | undefined;
}

/**
 * Loads a parser the moment a position is needed: `require` of whoever reads files, since this room reads none.
 */
export type LoadParser = (module: "@babel/parser" | "yaml") => unknown;

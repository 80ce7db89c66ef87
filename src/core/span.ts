// Positions in source text. Offsets inside, line and column only when printed.

/** Half-open range of UTF-16 offsets in one file. `near` marks the closest literal of a computed value. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly near?: boolean;
}

/** Line and column both start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The position of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

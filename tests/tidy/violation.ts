// What a house rule reports: the place, what is wrong there, and what to do instead.

export interface Violation {
  /** Relative to the repository, with forward slashes. */
  readonly file: string;
  /** Starts at 1. */
  readonly line: number;
  readonly what: string;
  /** Imperative: what to do instead. */
  readonly instead: string;
}

/** `src/core/path.ts:12: what is wrong; what to do instead`. */
export function formatViolation({ file, line, what, instead }: Violation): string {
  return `${file}:${line}: ${what}; ${instead}`;
}

// What is wrong with an expression before it runs, printed as cel-go does: place, words, the line and a mark below it
// (common/error.go).

export interface CelIssue {
  /** Offset into the source. */
  readonly at: number;
  readonly message: string;
}

/** Ends parsing: nothing after it can be trusted. */
export class CelSyntaxError extends Error {
  override readonly name = "CelSyntaxError";
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Errors in the order of their places, each with its line. */
export function printIssues(source: string, issues: readonly CelIssue[]): string {
  const ordered = [...issues].sort((a, b) => a.at - b.at);
  return ordered.map((issue) => printIssue(source, issue)).join("\n");
}

function printIssue(source: string, { at, message }: CelIssue): string {
  const before = source.slice(0, at).split("\n");
  const line = source.split("\n")[before.length - 1] ?? "";
  const column = Array.from(before.at(-1) ?? "").length;
  const head = `ERROR: <input>:${before.length}:${column + 1}: ${message}`;
  const mark = `${".".repeat(column)}^`;
  return `${head}\n | ${line}\n | ${mark}`;
}

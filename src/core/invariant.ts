// Our own mistakes. Never for wrong input (Diagnostic) or a refusing API (Status).

/** Thrown when Keelson itself is wrong; the command line prints it as a bug and exits 70. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Stays on in production. The message says what was expected to hold. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

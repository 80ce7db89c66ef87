// "Did you mean": the candidate closest to a mistyped word.
// Optimal string alignment distance (Damerau–Levenshtein with adjacent swaps), case ignored.

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      current[column] = cell({ a, b, row, column, current, last, beforeLast });
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? 0;
}

interface Cell {
  readonly a: string;
  readonly b: string;
  readonly row: number;
  readonly column: number;
  readonly current: readonly number[];
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
}

function cell({ a, b, row, column, current, last, beforeLast }: Cell): number {
  const at = (line: readonly number[], index: number): number => line[index] ?? Infinity;
  const same = a[row - 1] === b[column - 1];
  const best = Math.min(
    at(last, column) + 1,
    at(current, column - 1) + 1,
    at(last, column - 1) + (same ? 0 : 1),
  );
  const swapped =
    row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return swapped ? Math.min(best, at(beforeLast, column - 2) + 1) : best;
}

/**
 * The nearest candidate, the first on a tie, if it is near enough to be a slip: one edit for every three
 * characters of the longer word, at least one. Never the word itself.
 */
export function closestTo(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const limit = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (candidate === word || Math.abs(word.length - candidate.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `did you mean "orders"?`, or `undefined` when nothing is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const closest = closestTo(word, candidates);
  return closest === undefined ? undefined : `did you mean ${JSON.stringify(closest)}?`;
}

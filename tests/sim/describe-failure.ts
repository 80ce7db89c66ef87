// What a person needs who wants to see a failure again.

import type { RunResult } from "./simulate.ts";

const SHOWN_MAX = 10;

export function describeFailure(
  { seed, tick, violations }: RunResult,
  ticks: number | undefined,
): string {
  const shown = violations.slice(0, SHOWN_MAX).map((violation) => `  ${violation}`);
  const more = violations.length - shown.length;
  const rounds = ticks === undefined ? "" : ` --ticks ${ticks}`;
  return [
    `seed ${seed}, tick ${tick}: ${violations.length} violations`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
    `again: npm run sim -- --seed ${seed}${rounds}`,
  ].join("\n");
}

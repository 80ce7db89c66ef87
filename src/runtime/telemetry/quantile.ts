// A quantile of a histogram, estimated as Prometheus does: linear within the bucket it falls into.
// Mirrors prometheus/prometheus promql/quantile.go, bucketQuantile.

import type { HistogramValue } from "./metric-record.ts";

/** `q` in [0, 1]. Undefined for an empty histogram. Beyond the last bound, that bound. */
export function quantileOf(
  q: number,
  { bounds, counts }: Pick<HistogramValue, "bounds" | "counts">,
): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0 || bounds.length === 0) return undefined;
  const rank = q * total;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    const upper = bounds[index];
    if (upper === undefined) break;
    if (count > 0 && below + count >= rank) {
      // Nothing says where the first bucket begins; durations and sizes begin at 0.
      const lower = bounds[index - 1] ?? Math.min(0, upper);
      return lower + (upper - lower) * ((rank - below) / count);
    }
    below += count;
  }
  return bounds.at(-1);
}

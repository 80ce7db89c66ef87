// Buckets that leak: whether a request passes, waits or is refused. Mirrors ngx_http_limit_req_module of nginx 1.29, which
// counts in thousandths of a request and forgets refused ones.

import type { Clock, InstantMs } from "../../core/index.ts";
import type { RateLimit } from "../../model/index.ts";

export type Admission =
  | { readonly outcome: "pass"; readonly delayMs: number }
  | { readonly outcome: "refuse"; readonly status: number };

export interface RateLimits {
  /** Passes only when every limit lets it. */
  admit(limits: readonly RateLimit[], client: string): Admission;
}

interface Bucket {
  /** Requests above the rate. */
  excess: number;
  at: InstantMs;
}

/** Buckets that have leaked empty are forgotten when this many are held. */
const BUCKETS_MAX = 10_000;

export function createRateLimits(clock: Clock): RateLimits {
  const buckets = new Map<string, Bucket>();
  return {
    admit(limits, client) {
      const now = clock.now();
      const found = limits.map((limit) => {
        const key = limit.perClient ? `${limit.key} ${client}` : limit.key;
        return { limit, key, excess: excessOf(buckets.get(key), limit, now) };
      });
      const full = found.find(({ limit, excess }) => excess > limit.burst);
      if (full !== undefined) return { outcome: "refuse", status: full.limit.status };
      for (const { key, excess } of found) buckets.set(key, { excess, at: now });
      if (buckets.size > BUCKETS_MAX) forgetOldest(buckets);
      return { outcome: "pass", delayMs: Math.max(0, ...found.map(delayOf)) };
    },
  };
}

/** The first request of a client is never above the rate. */
function excessOf(bucket: Bucket | undefined, { perSecond }: RateLimit, now: InstantMs): number {
  if (bucket === undefined) return 0;
  return Math.max(0, bucket.excess - (perSecond * (now - bucket.at)) / 1000 + 1);
}

function delayOf({ limit, excess }: { limit: RateLimit; excess: number }): number {
  return excess <= limit.undelayed ? 0 : ((excess - limit.undelayed) * 1000) / limit.perSecond;
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  const oldest = [...buckets].toSorted(([, a], [, b]) => a.at - b.at);
  for (const [key] of oldest.slice(0, BUCKETS_MAX / 2)) buckets.delete(key);
}

// Who the client is, and whether it may ask: whoever connects, or behind trusted proxies the last address they wrote down that
// is none of theirs. As nginx (real_ip_recursive) and Envoy (xff_trusted_cidrs) count.

import { parseRange, rangeContains } from "../../core/index.ts";
import type { RequestHandling } from "../../model/index.ts";
import type { RequestFacts } from "./request-facts.ts";

export function clientOf(
  { clientAddress, headers }: Pick<RequestFacts, "clientAddress" | "headers">,
  { trustedProxies = [] }: RequestHandling,
): string {
  const written = (headers["x-forwarded-for"] ?? "").split(",").map((entry) => entry.trim());
  const hops = [clientAddress, ...written.filter((entry) => entry !== "").toReversed()];
  return hops.find((hop) => !isIn(hop, trustedProxies)) ?? hops.at(-1) ?? clientAddress;
}

/** Undefined ranges let everyone in; an address nobody can read is let in nowhere. */
export function mayAsk(client: string, { allowFrom }: RequestHandling): boolean {
  return allowFrom === undefined || isIn(client, allowFrom);
}

function isIn(address: string, ranges: readonly string[]): boolean {
  const found = ranges.length === 0 ? undefined : parseRange(address);
  if (found === undefined) return false;
  return ranges.some((text) => {
    const range = parseRange(text);
    return range !== undefined && rangeContains(range, found);
  });
}

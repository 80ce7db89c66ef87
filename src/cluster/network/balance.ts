// In which order a Service's endpoints are tried for one connection: round robin, or the client's own with affinity.
// Mirrors sessionAffinity ClientIP of pkg/proxy: the timeout counts from the client's last connection.

import type { Clock, InstantMs } from "../../core/index.ts";
import type { ServiceEndpoint } from "./service-endpoints.ts";

export interface BalanceOptions {
  readonly clock: Clock;
}

export interface Balancer {
  /** All endpoints, the one whose turn it is first. `affinityMs` keeps a client where it was that long. */
  order(
    endpoints: readonly ServiceEndpoint[],
    client: string,
    affinityMs?: number,
  ): readonly ServiceEndpoint[];
  /** Remembers who really took the client. */
  took(client: string, endpoint: ServiceEndpoint): void;
}

export function createBalancer({ clock }: BalanceOptions): Balancer {
  const kept = new Map<string, { readonly address: string; readonly at: InstantMs }>();
  let turn = 0;
  return {
    order(endpoints, client, affinityMs) {
      const last = affinityMs === undefined ? undefined : kept.get(client);
      if (last !== undefined && clock.now() - last.at >= (affinityMs ?? 0)) kept.delete(client);
      else if (last !== undefined) {
        const at = endpoints.findIndex(({ address }) => address === last.address);
        if (at >= 0) return rotate(endpoints, at);
      }
      return rotate(endpoints, turn++);
    },
    took: (client, { address }) => void kept.set(client, { address, at: clock.now() }),
  };
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  if (items.length === 0) return items;
  const at = by % items.length;
  return at === 0 ? items : [...items.slice(at), ...items.slice(0, at)];
}

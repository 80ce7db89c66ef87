// How many requests a proxy has under way to one destination, and how many wait for one of them to end. Mirrors Envoy's circuit
// breakers for HTTP/1.1, where every request under way has a connection of its own. Without a rule nothing is bounded: Istio puts
// 2^32-1 in place of Envoy's 1024 (istio/istio pilot/pkg/networking/core/cluster_traffic_policy.go,
// getDefaultCircuitBreakerThresholds), and Linkerd knows no such bound.

import type { MeshBalancing } from "../../model/index.ts";

export interface RequestPool {
  /** Resolves when it is its turn, to what gives the place back; undefined: there is no place to wait in. */
  enter(
    limits: Pick<MeshBalancing, "connectionsMax" | "pendingMax">,
  ): Promise<(() => void) | undefined>;
}

export function createRequestPool(): RequestPool {
  let active = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    active -= 1;
    waiting.shift()?.();
  };
  const once = (release: () => void): (() => void) => {
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      release();
    };
  };
  return {
    async enter({ connectionsMax = Infinity, pendingMax = Infinity }) {
      if (active >= connectionsMax) {
        if (waiting.length >= pendingMax) return undefined;
        await new Promise<void>((resolve) => void waiting.push(resolve));
      }
      active += 1;
      return once(leave);
    },
  };
}

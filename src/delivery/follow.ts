// Following what delivers until everything is what git says and runs well: the objects in which engines report, and what is
// delivered without one.

import type { Clock } from "../core/index.ts";
import type { KubeApi, KubernetesObject } from "../kubernetes/index.ts";
import type { DeliveryEngine, DeliveryState } from "../model/index.ts";

export interface FollowOptions {
  readonly clock: Clock;
  /** How many reports there will be; waiting ends no earlier. */
  readonly expected: number;
  readonly timeoutMs: number;
  readonly onProgress?: (states: readonly DeliveryState[]) => void;
  readonly signal?: AbortSignal;
}

export interface FollowResult {
  readonly outcome: "healthy" | "timed-out" | "interrupted";
  /** Sorted by name. */
  readonly applications: readonly DeliveryState[];
}

/** Somebody who says how delivery is going, again whenever that changes. */
export interface DeliverySource {
  follow(onStates: (states: readonly DeliveryState[]) => void): { stop(): void };
}

export const isDelivered = ({ sync, health }: DeliveryState): boolean =>
  sync === "Synced" && health === "Healthy";

/** Resolves once all expected states are Synced and Healthy at the same time, or with what is missing. */
export function followDelivery(
  sources: readonly DeliverySource[],
  options: FollowOptions,
): Promise<FollowResult> {
  return new Promise((resolve) => {
    const latest = sources.map((): readonly DeliveryState[] => []);
    const all = (): DeliveryState[] =>
      latest.flat().toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    let ended = false;
    const end = (outcome: FollowResult["outcome"]): void => {
      if (ended) return;
      ended = true;
      following.forEach((one) => one.stop());
      timer.cancel();
      options.signal?.removeEventListener("abort", interrupt);
      resolve({ outcome, applications: all() });
    };
    const interrupt = (): void => end("interrupted");
    const timer = options.clock.setTimer(options.timeoutMs, () => end("timed-out"));
    const following = sources.map((source, index) =>
      source.follow((states) => {
        if (ended) return;
        latest[index] = states;
        const known = all();
        options.onProgress?.(known);
        if (known.length >= options.expected && known.every(isDelivered)) end("healthy");
      }),
    );
    options.signal?.addEventListener("abort", interrupt, { once: true });
    if (options.signal?.aborted === true) interrupt();
  });
}

/** The objects of one engine's kinds, read in its words. */
export function engineSource(
  api: KubeApi,
  { namespace, reports, stateOf }: DeliveryEngine,
): DeliverySource {
  return {
    follow: (onStates) => {
      const live = new Map<string, KubernetesObject>();
      const watches = reports.map((kind) =>
        api.watch(
          kind,
          {
            namespace,
            allowBookmarks: true,
            sendInitialEvents: true,
            resourceVersionMatch: "NotOlderThan",
          },
          (event) => {
            if (event.type === "BOOKMARK" || event.type === "ERROR") return;
            const key = `${kind.kind}/${event.object.metadata.name}`;
            if (event.type === "DELETED") live.delete(key);
            else live.set(key, event.object);
            onStates([...live.values()].map(stateOf));
          },
        ),
      );
      return { stop: () => watches.forEach((watch) => watch.stop()) };
    },
  };
}

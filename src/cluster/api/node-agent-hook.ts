// What the API asks the node a pod runs on. The node agents answer; without them nothing has been logged yet.

import type { InstantMs } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";

export interface LogOptions {
  readonly container: string | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly sinceSeconds: number | undefined;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
}

export interface NodeAgentHook {
  /** Calls `onChunk` with text until the log ends; resolves then. `stopped` aborts a followed log. */
  logs(
    pod: KubernetesObject,
    options: LogOptions,
    onChunk: (text: string) => void,
    stopped: AbortSignal,
  ): Promise<void>;
  /** Somebody watches a kind and does not know what is derived; returns what to call when that ends. */
  watched?(kind: string): (() => void) | undefined;
  /** The object as a reader sees it at `now`: with the heartbeats that are derived instead of written. */
  asRead?(object: KubernetesObject, now: InstantMs): KubernetesObject;
}

export const NO_NODE_AGENT: NodeAgentHook = { logs: () => Promise.resolve() };

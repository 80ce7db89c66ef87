// What the API asks the node a pod runs on. The node agents answer; without them nothing has been logged yet.

import type { Duplex, Readable, Writable } from "node:stream";

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

export interface ExecOptions {
  readonly container: string;
  readonly command: readonly string[];
  /** Whether the command talks to a terminal. */
  readonly tty: boolean;
}

/** The ends the client holds; absent where it did not ask. */
export interface ExecStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  /** The client's terminal changed its size. */
  onResize?(listener: (size: { readonly width: number; readonly height: number }) => void): void;
}

export interface NodeAgentHook {
  /** Calls `onChunk` with text until the log ends; resolves then. `stopped` aborts a followed log. */
  logs(
    pod: KubernetesObject,
    options: LogOptions,
    onChunk: (text: string) => void,
    stopped: AbortSignal,
  ): Promise<void>;
  /** Whether the pod runs processes that the three below reach; absent: no pod does. */
  runs?(pod: KubernetesObject): boolean;
  /** Runs a command beside the container's process; resolves with its exit code. Absent: the pod runs nothing. */
  exec?(
    pod: KubernetesObject,
    options: ExecOptions,
    streams: ExecStreams,
    stopped: AbortSignal,
  ): Promise<number>;
  /** Joins the streams of the container's process. */
  attach?(
    pod: KubernetesObject,
    options: Omit<ExecOptions, "command">,
    streams: ExecStreams,
    stopped: AbortSignal,
  ): Promise<void>;
  /** A connection to a port of the pod. */
  connect?(pod: KubernetesObject, port: number): Promise<Duplex>;
  /** Somebody watches a kind and does not know what is derived; returns what to call when that ends. */
  watched?(kind: string): (() => void) | undefined;
  /** The object as a reader sees it at `now`: with the heartbeats that are derived instead of written. */
  asRead?(object: KubernetesObject, now: InstantMs): KubernetesObject;
}

export const NO_NODE_AGENT: NodeAgentHook = { logs: () => Promise.resolve() };

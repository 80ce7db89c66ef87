// What the process agent must be told to run a pod on this machine: the local form of each container, and the
// addresses and names of the cluster as the machine knows them. Who builds a cluster brings both.

import type { InstantMs } from "../../../core/index.ts";
import type { Container, Pod } from "../../../kubernetes/index.ts";

/** How a container runs without a container engine. */
export interface LocalProcess {
  /**
   * Replaces the image's entry point and the container's command and arguments. Never read by a shell. `$(NAME)` stands for a
   * variable of the process; paths are this machine's, and what is meant below a mount is said with `$(KEELSON_ROOT)`.
   */
  readonly command: readonly string[];
  /** Where the process starts; absolute. */
  readonly directory: string;
  /** Beside the container's own variables, which win. */
  readonly environment?: Readonly<Record<string, string>>;
  /** User and group to run as, where the runtime may choose; default its own. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Undefined: the container has no local form, and its pod is simulated as a whole. */
export type FindLocalProcess = (pod: Pod, container: Container) => LocalProcess | undefined;

/** The cluster's network as processes on this machine meet it. */
export interface ProcessNetwork {
  /** The pod's own loopback address, the same until it is released. */
  assignAddress(pod: Pod): string;
  releaseAddress(pod: Pod): void;
  /**
   * Variables that let a process listen on its pod's address only and find the cluster's names. They win over `own`, what
   * the process has already: its NODE_OPTIONS are kept and added to, its HOST and BIND_ADDRESS are left alone.
   */
  environment(pod: Pod, own?: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** An injected value with the cluster's names replaced by addresses that this machine can reach. */
  localise(value: string, pod: Pod): string;
  /** Where a connection to a port of a pod's or Service's address goes: mostly there, elsewhere where ports are mapped. */
  reach(address: string, port: number): { readonly host: string; readonly port: number };
}

export interface ProcessAgentOptions {
  readonly find: FindLocalProcess;
  readonly network: ProcessNetwork;
  /** Absolute folder for the files of pods, their logs and the record of what runs. */
  readonly folder: string;
  /** What every process starts with, for example PATH and HOME; whatever else names a variable wins. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Told of every process that a runtime which crashed had left running; it has been ended by then. */
  readonly onLeftOver?: (leftOver: LeftOver) => void;
  /** Told of every line that a process writes, beside its log. */
  readonly onLogLine?: (line: ProcessLine) => void;
}

/** A line of output; one beyond 16 KiB comes in parts. */
export interface ProcessLine {
  readonly pod: Pod;
  readonly container: string;
  readonly at: InstantMs;
  readonly text: string;
}

/** A process that outlived the runtime that started it. */
export interface LeftOver {
  readonly pid: number;
  /** `namespace/name`. */
  readonly pod: string;
  readonly container: string;
}

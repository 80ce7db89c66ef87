// What a node knows of a container's runs, apart from the processes themselves: what planning and the status are made from.

import type { InstantMs } from "../../../core/index.ts";
import type { Container, Pod } from "../../../kubernetes/index.ts";

export type ContainerRole = "init" | "sidecar" | "main";

export interface EndedRun {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  readonly startedAt: InstantMs;
  readonly finishedAt: InstantMs;
  readonly containerID?: string;
}

export interface RunningRun {
  readonly startedAt: InstantMs;
  readonly containerID: string;
  /** The postStart hook is through and the startup probe has succeeded. */
  readonly startedUp: boolean;
  readonly ready: boolean;
}

export interface ContainerFacts {
  readonly container: Container;
  readonly role: ContainerRole;
  readonly restartCount: number;
  readonly running?: RunningRun | undefined;
  /** The last run that ended. */
  readonly ended?: EndedRun | undefined;
  /** The one before it. */
  readonly before?: EndedRun | undefined;
  /** Why the container could not be started. */
  readonly blocked?: { readonly reason: string; readonly message: string } | undefined;
  /** It is not started again before then. */
  readonly notBefore?: InstantMs | undefined;
  /** How long that wait is. */
  readonly backoffMs?: number | undefined;
}

export interface ContainerSlot {
  readonly container: Container;
  readonly role: ContainerRole;
}

/** In the order in which they start. */
export function containerSlots({ spec }: Pod): readonly ContainerSlot[] {
  const init = (spec.initContainers ?? []).map((container): ContainerSlot => {
    const role = container.restartPolicy === "Always" ? "sidecar" : "init";
    return { container, role };
  });
  return [
    ...init,
    ...spec.containers.map((container): ContainerSlot => ({ container, role: "main" })),
  ];
}

/** What `restartPolicy` asks for after this end. */
export function restartsAfter({ spec }: Pod, role: ContainerRole, { exitCode }: EndedRun): boolean {
  const policy = spec.restartPolicy ?? "Always";
  if (role === "sidecar") return true;
  if (policy === "Never") return false;
  return exitCode !== 0 || (policy === "Always" && role === "main");
}

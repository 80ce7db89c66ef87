// Who runs pods on nodes. Every agent says which it is in the annotation `keelson.dev/agent` of its pods and nodes,
// so that nothing simulated can be taken for real.

import { invariant } from "../../core/index.ts";
import type { ControllerFactory, KubernetesObject, Pod } from "../../kubernetes/index.ts";
import type { LogOptions, NodeAgentHook } from "../api/index.ts";
import { createLeaseAudience, type LeaseAudience } from "./heartbeat-renewal.ts";
import type { ContainerUsage } from "./load/pod-usage.ts";
import { LEASE, materialised } from "./heartbeat.ts";

/** Annotation of pods and nodes, and label of nodes: the name of the agent behind them. */
export const AGENT = "keelson.dev/agent";
export const SIMULATED = "simulated";
export const PROCESS = "process";

export interface NodeAgent {
  /** The value of the annotation. */
  readonly name: string;
  /** Moves the pods of the agent's nodes through their life. */
  readonly controller: ControllerFactory;
  /** Writes the pod's log to `onChunk`; resolves when the log ends. */
  logs(
    pod: Pod,
    options: LogOptions,
    onChunk: (text: string) => void,
    stopped: AbortSignal,
  ): Promise<void>;
  /** Before the controller runs. */
  start?(): Promise<void>;
  /** After the controller has stopped; resolves when the agent runs nothing any more. */
  stop?(): Promise<void>;
  /** What the pod's containers really use; absent where it is declared. */
  usage?(pod: Pod): readonly ContainerUsage[];
  /** Starts the pod's main containers anew without delay; the message says why. Absent where nothing real runs. */
  restart?(pod: Pod, message: string): Promise<void>;
  /** As in NodeAgentHook; absent where an agent runs nothing real. */
  readonly exec?: NodeAgentHook["exec"];
  readonly attach?: NodeAgentHook["attach"];
  readonly connect?: NodeAgentHook["connect"];
}

/** The API asks for streams only where `runs` says so. */
function reachable<Reach>(reach: Reach | undefined): Reach {
  invariant(reach !== undefined, "asked for a stream into a pod that runs no process");
  return reach;
}

export function agentOf({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[AGENT] ?? metadata.labels?.[AGENT];
}

/** Asks the agent that runs the pod; a pod nobody runs has no log. */
export function nodeAgentHook(
  agents: readonly NodeAgent[],
  audience: LeaseAudience = createLeaseAudience(),
): NodeAgentHook {
  const byName = new Map(agents.map((agent) => [agent.name, agent]));
  const agentFor = (pod: KubernetesObject): NodeAgent | undefined => byName.get(agentOf(pod) ?? "");
  return {
    async logs(pod, options, onChunk, stopped) {
      // The API calls this for objects of kind Pod only.
      await agentFor(pod)?.logs(pod as Pod, options, onChunk, stopped);
    },
    runs: (pod) => agentFor(pod)?.exec !== undefined,
    exec: (pod, ...rest) => reachable(agentFor(pod)?.exec)(pod, ...rest),
    attach: (pod, ...rest) => reachable(agentFor(pod)?.attach)(pod, ...rest),
    connect: (pod, port) => reachable(agentFor(pod)?.connect)(pod, port),
    watched: (kind) => (kind === LEASE.kind ? audience.join() : undefined),
    asRead: (object, now) => (object.kind === LEASE.kind ? materialised(object, now) : object),
  };
}

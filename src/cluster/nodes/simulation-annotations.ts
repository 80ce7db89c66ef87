// How a pod's own annotations steer its simulated life. Everything is optional.

import { parseDuration } from "../../core/index.ts";
import type { Pod } from "../../kubernetes/index.ts";

const PREFIX = "simulation.keelson.dev/";

export interface Simulation {
  /** `duration`: the containers end this long after they started. */
  readonly durationMs: number | undefined;
  /** `exit-code`: how they end; default 0. */
  readonly exitCode: number;
  /** `ready: "false"`: they run but never become ready. */
  readonly becomesReady: boolean;
  /** `pull: fail`: the image cannot be pulled. */
  readonly pullFails: boolean;
}

export const SIMULATION_ANNOTATIONS: readonly string[] = ["duration", "exit-code", "ready", "pull"];

export function simulationOf({ metadata }: Pod): Simulation {
  const read = (name: string): string | undefined => annotationOf({ metadata }, name);
  const code = Number(read("exit-code") ?? 0);
  return {
    durationMs: parseDuration(read("duration") ?? ""),
    exitCode: Number.isInteger(code) ? code : 1,
    becomesReady: read("ready") !== "false",
    pullFails: read("pull") === "fail",
  };
}

/** The annotation of this name below `simulation.keelson.dev/`. */
export function annotationOf(
  { metadata }: Pick<Pod, "metadata">,
  name: string,
): string | undefined {
  return metadata.annotations?.[PREFIX + name];
}

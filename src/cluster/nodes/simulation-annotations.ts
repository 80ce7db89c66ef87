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
  /** `ready-after`: they answer probes this long after they started. */
  readonly readyAfterMs: number;
  /** `unready-after`: they answer readiness probes no more from then on. */
  readonly unreadyAfterMs: number | undefined;
  /** `liveness-fails-after`: they answer liveness probes no more from then on. */
  readonly livenessFailsAfterMs: number | undefined;
  /** `pull: 20s`, or `small`, `medium`, `large`: how long the images take. */
  readonly pullMs: number;
  /** `pull: fail`, or `pull: fail 2m`: they cannot be pulled, ever or for that long. */
  readonly pullFailsMs: number | undefined;
  /** `init-duration`: how long every init container runs. */
  readonly initDurationMs: number | undefined;
  /** `stop`: how long the containers take to stop, hooks included; never longer than the grace period. */
  readonly stopMs: number | undefined;
}

export const SIMULATION_ANNOTATIONS: readonly string[] = [
  "duration",
  "exit-code",
  "ready",
  "ready-after",
  "unready-after",
  "liveness-fails-after",
  "pull",
  "init-duration",
  "stop",
  "log",
  "cpu",
  "memory",
  "load-start",
];

/** Images of some size on a usual network: tens, hundreds and thousands of megabytes. */
const PULL_CLASSES: Readonly<Record<string, number>> = {
  small: 2_000,
  medium: 10_000,
  large: 60_000,
};

/** Pods of one template share their annotations' values, and most have none. */
const NOTHING = parseSimulation(() => undefined);

export function simulationOf({ metadata }: Pod): Simulation {
  const { annotations } = metadata;
  if (annotations === undefined || !isSteered(annotations)) return NOTHING;
  return parseSimulation((name) => annotations[PREFIX + name]);
}

function isSteered(annotations: Readonly<Record<string, string>>): boolean {
  for (const key in annotations) if (key.startsWith(PREFIX)) return true;
  return false;
}

function parseSimulation(read: (name: string) => string | undefined): Simulation {
  const duration = (name: string): number | undefined => parseDuration(read(name) ?? "");
  const code = Number(read("exit-code") ?? 0);
  const [pull = "", pullFor = ""] = (read("pull") ?? "").split(/\s+/);
  const fails = pull === "fail";
  return {
    durationMs: duration("duration"),
    exitCode: Number.isInteger(code) ? code : 1,
    becomesReady: read("ready") !== "false",
    readyAfterMs: duration("ready-after") ?? 0,
    unreadyAfterMs: duration("unready-after"),
    livenessFailsAfterMs: duration("liveness-fails-after"),
    pullMs: fails ? 0 : (PULL_CLASSES[pull] ?? parseDuration(pull) ?? 0),
    pullFailsMs: fails ? (parseDuration(pullFor) ?? Number.POSITIVE_INFINITY) : undefined,
    initDurationMs: duration("init-duration"),
    stopMs: duration("stop"),
  };
}

/** The annotation of this name below `simulation.keelson.dev/`. */
export function annotationOf(
  { metadata }: Pick<Pod, "metadata">,
  name: string,
): string | undefined {
  return metadata.annotations?.[PREFIX + name];
}

// A simulated pod's life as a table: where it stands, how long it stays there, what comes next. Close to KWOK's Stage
// (kustomize/stage/pod/general): the first row whose `when` holds applies after its delay plus jitter.

import type { InstantMs } from "../../core/index.ts";
import type { Container, Pod, PodStatus } from "../../kubernetes/index.ts";
import { isReady, isTerminal, isTerminating } from "../../kubernetes/index.ts";
import {
  acceptedStatus,
  crashedStatus,
  currentInit,
  debuggedStatus,
  finishedStatus,
  initEndedStatus,
  initStartedStatus,
  notReadyStatus,
  overdueStatus,
  readBackoffMs,
  readyStatus,
  restartedStatus,
  runningStatus,
} from "./pod-status.ts";
import type { Ending, PodPlace } from "./pod-status.ts";
import { backOffEvent, startEvents, unhealthyEvents } from "./stage-events.ts";
import type { StageEvent } from "./stage-events.ts";
import { simulationOf } from "./simulation-annotations.ts";
import type { Simulation } from "./simulation-annotations.ts";
import { killedAt, outOfMemoryAt, readinessAt, unreadinessAt } from "./running-times.ts";

export interface StageDelay {
  readonly ms: number;
  /** Added at random, evenly up to this much. */
  readonly jitterMs: number;
}

export type StageName =
  | "terminate"
  | "accept"
  | "overdue"
  | "start-init"
  | "initialize"
  | "start"
  | "become-ready"
  | "become-unready"
  | "run-out-of-memory"
  | "fail-probe"
  | "finish"
  | "crash"
  | "restart";

/** How long every stage takes; the delays a person may choose. */
export type StageDelays = Readonly<Record<StageName, StageDelay>>;

export type StageEffect =
  | {
      readonly outcome: "status";
      readonly status: PodStatus;
      readonly events?: readonly StageEvent[];
    }
  | { readonly outcome: "gone" };

export interface PodStage {
  readonly name: StageName;
  /** Only of pods whose phase is Running, or only of those whose phase is another; both by default. */
  readonly running?: boolean;
  when(pod: Pod, simulation: Simulation): boolean;
  /** Replaces the delay of the table, where the pod itself says how long; `now` is when the stage was entered. */
  delay?(pod: Pod, simulation: Simulation, now: InstantMs): StageDelay | undefined;
  /** An instant of its own instead of a delay; undefined for never. */
  at?(pod: Pod, simulation: Simulation): InstantMs | undefined;
  next(pod: Pod, place: PodPlace, simulation: Simulation): StageEffect;
}

const at = (ms: number, jitterMs = 0): StageDelay => ({ ms, jitterMs });

/** Roughly what a small cluster with warm images shows. */
export const GENERAL_DELAYS: StageDelays = {
  terminate: at(1000, 1000),
  accept: at(0),
  overdue: at(0),
  "start-init": at(0),
  initialize: at(1000, 1000),
  start: at(1000, 2000),
  "become-ready": at(500, 500),
  "become-unready": at(0),
  "run-out-of-memory": at(0),
  "fail-probe": at(0),
  finish: at(3000, 2000),
  crash: at(1000),
  restart: at(0),
};

/** Just long enough to be watched: for a person who waits. */
export const BRISK_DELAYS: StageDelays = {
  terminate: at(200, 100),
  accept: at(0),
  overdue: at(0),
  "start-init": at(0),
  initialize: at(100, 100),
  start: at(100, 100),
  "become-ready": at(100),
  "become-unready": at(0),
  "run-out-of-memory": at(0),
  "fail-probe": at(0),
  finish: at(300, 100),
  crash: at(1000),
  restart: at(0),
};

/** Everything at once, as KWOK's `fast` stages: for tests and for measuring the control plane. */
export const FAST_DELAYS: StageDelays = {
  terminate: at(0),
  accept: at(0),
  overdue: at(0),
  "start-init": at(0),
  initialize: at(0),
  start: at(0),
  "become-ready": at(0),
  "become-unready": at(0),
  "run-out-of-memory": at(0),
  "fail-probe": at(0),
  finish: at(0),
  crash: at(0),
  restart: at(0),
};

/** What ends the containers: an annotation, or being a Job's pod. */
export function endsByItself({ metadata, spec }: Pod, { durationMs }: Simulation): boolean {
  if (durationMs !== undefined) return true;
  return (
    spec.restartPolicy !== "Always" &&
    (metadata.ownerReferences ?? []).some(({ kind }) => kind === "Job")
  );
}

const isAccepted = ({ status }: Pod): boolean => status?.startTime !== undefined;
const started = ({ status }: Pod): boolean => status?.phase === "Running";
const isRunning = ({ status }: Pod): boolean =>
  status?.phase === "Running" &&
  (status.containerStatuses?.every(({ state }) => state?.running !== undefined) ?? true);
const runsAnything = ({ status }: Pod): boolean =>
  status?.phase === "Running" &&
  status.containerStatuses?.some(({ state }) => state?.running !== undefined) === true;
const isCrashed = ({ status }: Pod): boolean =>
  status?.containerStatuses?.some(({ state }) => state?.waiting?.reason === "CrashLoopBackOff") ===
  true;
const isInitialized = ({ spec, status }: Pod): boolean =>
  (spec.initContainers?.length ?? 0) === 0 ||
  status?.conditions?.some(({ type, status: is }) => type === "Initialized" && is === "True") ===
    true;
const awaitsDebugger = ({ spec, status }: Pod): boolean =>
  (spec.ephemeralContainers?.length ?? 0) > (status?.ephemeralContainerStatuses?.length ?? 0);
const containersReady = ({ status }: Pod): boolean =>
  status?.containerStatuses?.every(({ ready }) => ready) ?? true;

/** Restarts are what `restartPolicy` asks for after this exit code. */
function restarts({ spec }: Pod, exitCode: number): boolean {
  return spec.restartPolicy === "OnFailure"
    ? exitCode !== 0
    : (spec.restartPolicy ?? "Always") === "Always";
}

const exact = (ms: number): StageDelay => at(Math.max(0, ms));

/** Images come first; the table's delay stands for everything else. */
function afterPull(pod: Pod, { pullMs }: Simulation, now: InstantMs): StageDelay | undefined {
  if (pullMs === 0) return undefined;
  return exact(Date.parse(pod.status?.startTime ?? "") + pullMs - now);
}

/** A pod that ends by itself says how long it runs, counted from its start. */
function runTime(pod: Pod, { durationMs }: Simulation, now: InstantMs): StageDelay | undefined {
  if (durationMs === undefined) return undefined;
  const startedAt = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt;
  return exact((startedAt === undefined ? now : Date.parse(startedAt)) + durationMs - now);
}

/** What restarts is started again, what does not has ended. */
function endContainers(pod: Pod, place: PodPlace, ending: Ending): StageEffect {
  if (!restarts(pod, ending.exitCode)) {
    return { outcome: "status", status: finishedStatus(pod, place, ending) };
  }
  const status = crashedStatus(pod, place, ending);
  const ended = pod.spec.containers.filter(({ name }) => ending.names?.includes(name) ?? true);
  const events = place.crashes === 0 ? startEvents(ended) : [backOffEvent(pod, ending.names?.[0])];
  return { outcome: "status", status, events };
}

/** The containers that wait for their back-off to be over. */
function crashed({ spec, status }: Pod): readonly Container[] {
  return spec.containers.filter(({ name }) =>
    status?.containerStatuses?.some(
      (one) => one.name === name && one.state?.waiting?.reason === "CrashLoopBackOff",
    ),
  );
}

const KILLED = 137;

export const POD_STAGES: readonly PodStage[] = [
  {
    name: "terminate",
    when: isTerminating,
    delay: (_, { stopMs }) => (stopMs === undefined ? undefined : exact(stopMs)),
    next: () => ({ outcome: "gone" }),
  },
  {
    name: "accept",
    when: (pod) => !isAccepted(pod) && !isTerminal(pod),
    next: (pod, place) => ({ outcome: "status", status: acceptedStatus(pod, place) }),
  },
  {
    name: "overdue",
    when: (pod) => isAccepted(pod) && !isTerminal(pod),
    at: ({ spec, status }) =>
      spec.activeDeadlineSeconds === undefined
        ? undefined
        : Date.parse(status?.startTime ?? "") + spec.activeDeadlineSeconds * 1000,
    next: (pod, place) => {
      const status = overdueStatus(pod, place);
      const { reason = "", message = "" } = status;
      return { outcome: "status", status, events: [{ reason, message }] };
    },
  },
  {
    name: "start-init",
    when: (pod) => isAccepted(pod) && !isTerminal(pod) && currentInit(pod)?.runs === false,
    delay: afterPull,
    next(pod, place) {
      const container = currentInit(pod)?.container;
      const status = initStartedStatus(pod, place, container?.name ?? "");
      return { outcome: "status", status, events: container ? startEvents([container]) : [] };
    },
  },
  {
    name: "initialize",
    when: (pod) => !isTerminal(pod) && currentInit(pod)?.runs === true,
    delay: (_, { initDurationMs }) =>
      initDurationMs === undefined ? undefined : exact(initDurationMs),
    next: (pod, place) => ({
      outcome: "status",
      status: initEndedStatus(pod, place, currentInit(pod)?.container.name ?? ""),
    }),
  },
  {
    name: "start",
    running: false,
    when: (pod) => isAccepted(pod) && !isTerminal(pod) && !started(pod) && isInitialized(pod),
    delay: afterPull,
    next: (pod, place) => ({
      outcome: "status",
      status: runningStatus(pod, place),
      events: startEvents(pod.spec.containers),
    }),
  },
  {
    name: "start",
    running: true,
    when: (pod) => isRunning(pod) && awaitsDebugger(pod),
    next: (pod, place) => ({ outcome: "status", status: debuggedStatus(pod, place) }),
  },
  {
    name: "restart",
    when: isCrashed,
    delay: (pod) => exact(readBackoffMs(pod)),
    next: (pod, place) => ({
      outcome: "status",
      status: restartedStatus(pod, place),
      events: startEvents(crashed(pod)),
    }),
  },
  {
    name: "become-ready",
    running: true,
    when: (pod, simulation) =>
      isRunning(pod) &&
      simulation.becomesReady &&
      !(isReady(pod) && containersReady(pod)) &&
      readinessAt(pod, simulation) !== undefined &&
      gatesOpen(pod),
    delay(pod, simulation, now) {
      const ready = readinessAt(pod, simulation) ?? now;
      if (ready > now) return exact(ready - now);
      return hasProbes(pod) ? undefined : at(0);
    },
    next: (pod, place) => ({ outcome: "status", status: readyStatus(pod, place) }),
  },
  {
    name: "become-unready",
    running: true,
    when: (pod) => isRunning(pod) && containersReady(pod),
    at: unreadinessAt,
    next: (pod, place) => ({
      outcome: "status",
      status: notReadyStatus(pod, place),
      events: unhealthyEvents("Readiness"),
    }),
  },
  {
    name: "run-out-of-memory",
    running: true,
    when: runsAnything,
    at: (pod) => outOfMemoryAt(pod)?.at,
    next(pod, place) {
      const names = outOfMemoryAt(pod)?.names ?? [];
      return endContainers(pod, place, { exitCode: KILLED, reason: "OOMKilled", names });
    },
  },
  {
    name: "fail-probe",
    running: true,
    when: runsAnything,
    at: (pod, simulation) => killedAt(pod, simulation)?.at,
    next(pod, place, simulation) {
      const { names = [], probe = "Liveness" } = killedAt(pod, simulation) ?? {};
      const effect = endContainers(pod, place, { exitCode: KILLED, names });
      if (effect.outcome === "gone") return effect;
      const events = [...unhealthyEvents(probe, names), ...(effect.events ?? [])];
      return { ...effect, events };
    },
  },
  {
    name: "finish",
    running: true,
    when: (pod, simulation) =>
      isRunning(pod) && endsByItself(pod, simulation) && !restarts(pod, simulation.exitCode),
    delay: runTime,
    next: (pod, place, { exitCode }) => endContainers(pod, place, { exitCode }),
  },
  {
    name: "crash",
    running: true,
    when: (pod, simulation) =>
      isRunning(pod) && endsByItself(pod, simulation) && restarts(pod, simulation.exitCode),
    delay: runTime,
    next: (pod, place, { exitCode }) => endContainers(pod, place, { exitCode }),
  },
];

function hasProbes({ spec }: Pod): boolean {
  return spec.containers.some(
    ({ readinessProbe, startupProbe }) =>
      readinessProbe !== undefined || startupProbe !== undefined,
  );
}

/** A pod whose containers are ready waits for its gates without being written again. */
function gatesOpen(pod: Pod): boolean {
  const gates = pod.spec.readinessGates ?? [];
  if (!containersReady(pod)) return true;
  return gates.every(({ conditionType }) =>
    pod.status?.conditions?.some(({ type, status }) => type === conditionType && status === "True"),
  );
}

/** What the stage would start. */
export function startsInStage(stage: StageName, pod: Pod): readonly Container[] {
  const init = currentInit(pod)?.container;
  return stage === "start-init" && init !== undefined ? [init] : pod.spec.containers;
}

/** Those that apply to the pod now, the first of them before the others when they are due together. */
export function stagesOf(
  pod: Pod,
  stages: readonly PodStage[] = POD_STAGES,
  simulation: Simulation = simulationOf(pod),
): readonly PodStage[] {
  const found: PodStage[] = [];
  const runs = started(pod);
  for (const stage of stages) {
    if (stage.running !== undefined && stage.running !== runs) continue;
    if (!stage.when(pod, simulation)) continue;
    if (stage.at !== undefined && stage.at(pod, simulation) === undefined) continue;
    found.push(stage);
    // Nothing else happens to a pod on its way out.
    if (isTerminating(pod)) break;
  }
  return found;
}

/** The first of the stages that apply; undefined when the pod stays as it is. */
export function stageOf(pod: Pod, stages: readonly PodStage[] = POD_STAGES): PodStage | undefined {
  return stagesOf(pod, stages)[0];
}

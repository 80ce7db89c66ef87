// A simulated pod's life as a table: where it stands, how long it stays there, what comes next. Close to KWOK's Stage
// (kustomize/stage/pod/general): the first row whose `when` holds applies after its delay plus jitter.

import type { Pod, PodStatus } from "../../kubernetes/index.ts";
import { isReady, isTerminal, isTerminating } from "../../kubernetes/index.ts";
import {
  acceptedStatus,
  crashedStatus,
  debuggedStatus,
  finishedStatus,
  initializedStatus,
  readyStatus,
  restartedStatus,
  runningStatus,
} from "./pod-status.ts";
import type { PodPlace } from "./pod-status.ts";
import { simulationOf } from "./simulation-annotations.ts";
import type { Simulation } from "./simulation-annotations.ts";

export interface StageDelay {
  readonly ms: number;
  /** Added at random, evenly up to this much. */
  readonly jitterMs: number;
}

export type StageName =
  | "terminate"
  | "accept"
  | "initialize"
  | "start"
  | "become-ready"
  | "finish"
  | "crash"
  | "restart";

/** How long every stage takes; the delays a person may choose. */
export type StageDelays = Readonly<Record<StageName, StageDelay>>;

export type StageEffect =
  | { readonly outcome: "status"; readonly status: PodStatus; readonly event?: StageEvent }
  | { readonly outcome: "gone" };

export interface StageEvent {
  readonly reason: string;
  readonly message: string;
  readonly type?: "Warning";
}

export interface PodStage {
  readonly name: StageName;
  when(pod: Pod, simulation: Simulation): boolean;
  /** Replaces the delay of the table, where the pod itself says how long. */
  delay?(pod: Pod, simulation: Simulation): StageDelay | undefined;
  next(pod: Pod, place: PodPlace, simulation: Simulation): StageEffect;
}

const at = (ms: number, jitterMs = 0): StageDelay => ({ ms, jitterMs });

/** Roughly what a small cluster with warm images shows. */
export const GENERAL_DELAYS: StageDelays = {
  terminate: at(1000, 1000),
  accept: at(0),
  initialize: at(1000, 1000),
  start: at(1000, 2000),
  "become-ready": at(500, 500),
  finish: at(3000, 2000),
  crash: at(1000),
  restart: at(0),
};

/** Just long enough to be watched: for a person who waits. */
export const BRISK_DELAYS: StageDelays = {
  terminate: at(200, 100),
  accept: at(0),
  initialize: at(100, 100),
  start: at(100, 100),
  "become-ready": at(100),
  finish: at(300, 100),
  crash: at(1000),
  restart: at(0),
};

/** Everything at once, as KWOK's `fast` stages: for tests and for measuring the control plane. */
export const FAST_DELAYS: StageDelays = {
  terminate: at(0),
  accept: at(0),
  initialize: at(0),
  start: at(0),
  "become-ready": at(0),
  finish: at(0),
  crash: at(0),
  restart: at(0),
};

/** CrashLoopBackOff: 10 s doubling to 300 s (pkg/kubelet/kubelet.go). */
const CRASH_BACKOFF_FIRST_MS = 10_000;
const CRASH_BACKOFF_MAX_MS = 300_000;

/** What ends the containers: an annotation, or being a Job's pod. */
export function endsByItself({ metadata, spec }: Pod, { durationMs }: Simulation): boolean {
  if (durationMs !== undefined) return true;
  return (
    spec.restartPolicy !== "Always" &&
    (metadata.ownerReferences ?? []).some(({ kind }) => kind === "Job")
  );
}

const started = ({ status }: Pod): boolean => status?.phase === "Running";
const isRunning = ({ status }: Pod): boolean =>
  status?.phase === "Running" &&
  (status.containerStatuses ?? []).every(({ state }) => state?.running !== undefined);
const isCrashed = ({ status }: Pod): boolean =>
  (status?.containerStatuses ?? []).some(
    ({ state }) => state?.waiting?.reason === "CrashLoopBackOff",
  );
const isInitialized = ({ spec, status }: Pod): boolean =>
  (spec.initContainers ?? []).length === 0 ||
  (status?.conditions ?? []).some(
    ({ type, status: is }) => type === "Initialized" && is === "True",
  );
const awaitsDebugger = ({ spec, status }: Pod): boolean =>
  (spec.ephemeralContainers ?? []).length > (status?.ephemeralContainerStatuses ?? []).length;
const containersReady = ({ status }: Pod): boolean =>
  (status?.containerStatuses ?? []).every(({ ready }) => ready);

/** Restarts are what `restartPolicy` asks for after this exit code. */
function restarts({ spec }: Pod, exitCode: number): boolean {
  return spec.restartPolicy === "OnFailure"
    ? exitCode !== 0
    : (spec.restartPolicy ?? "Always") === "Always";
}

function restartCount({ status }: Pod): number {
  return Math.max(
    0,
    ...(status?.containerStatuses ?? []).map((container) => container.restartCount),
  );
}

export function crashBackoffMs(pod: Pod): number {
  return Math.min(CRASH_BACKOFF_FIRST_MS * 2 ** restartCount(pod), CRASH_BACKOFF_MAX_MS);
}

const exact = (ms: number | undefined): StageDelay | undefined =>
  ms === undefined ? undefined : at(ms);

/** Without a probe a container is ready as soon as it runs; else after the probes' initial delays. */
function readinessDelay({ spec }: Pod): StageDelay | undefined {
  const probes = spec.containers.flatMap(({ readinessProbe, startupProbe }) =>
    [readinessProbe, startupProbe].filter((probe) => probe !== undefined),
  );
  if (probes.length === 0) return at(0);
  const initialS = Math.max(...probes.map(({ initialDelaySeconds = 0 }) => initialDelaySeconds));
  return initialS === 0 ? undefined : at(initialS * 1000, 1000);
}

export const POD_STAGES: readonly PodStage[] = [
  {
    name: "terminate",
    when: isTerminating,
    next: () => ({ outcome: "gone" }),
  },
  {
    name: "accept",
    when: (pod) => pod.status?.startTime === undefined && !isTerminal(pod),
    next: (pod, place) => ({ outcome: "status", status: acceptedStatus(pod, place) }),
  },
  {
    name: "initialize",
    when: (pod) => !isTerminal(pod) && !isInitialized(pod),
    next: (pod, place) => ({ outcome: "status", status: initializedStatus(pod, place) }),
  },
  {
    name: "start",
    when: (pod) => !isTerminal(pod) && !started(pod),
    next: (pod, place) => ({
      outcome: "status",
      status: runningStatus(pod, place),
      event: {
        reason: "Started",
        message: `Started container ${pod.spec.containers[0]?.name} (simulated)`,
      },
    }),
  },
  {
    name: "start",
    when: (pod) => isRunning(pod) && awaitsDebugger(pod),
    next: (pod, place) => ({ outcome: "status", status: debuggedStatus(pod, place) }),
  },
  {
    name: "restart",
    when: isCrashed,
    delay: (pod) => exact(crashBackoffMs(pod)),
    next: (pod, place) => ({ outcome: "status", status: restartedStatus(pod, place) }),
  },
  {
    name: "become-ready",
    when: (pod, simulation) =>
      isRunning(pod) &&
      simulation.becomesReady &&
      !(isReady(pod) && containersReady(pod)) &&
      gatesOpen(pod),
    delay: readinessDelay,
    next: (pod, place) => ({ outcome: "status", status: readyStatus(pod, place) }),
  },
  {
    name: "finish",
    when: (pod, simulation) =>
      isRunning(pod) && endsByItself(pod, simulation) && !restarts(pod, simulation.exitCode),
    delay: (_, { durationMs }) => exact(durationMs),
    next: (pod, place, { exitCode }) => ({
      outcome: "status",
      status: finishedStatus(pod, place, exitCode),
    }),
  },
  {
    name: "crash",
    when: (pod, simulation) => isRunning(pod) && endsByItself(pod, simulation),
    delay: (_, { durationMs }) => exact(durationMs),
    next: (pod, place, { exitCode }) => ({
      outcome: "status",
      status: crashedStatus(pod, place, { exitCode, backoffMs: crashBackoffMs(pod) }),
      event: {
        type: "Warning",
        reason: "BackOff",
        message: `Back-off restarting failed container ${pod.spec.containers[0]?.name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
      },
    }),
  },
];

/** A pod whose containers are ready waits for its gates without being written again. */
function gatesOpen(pod: Pod): boolean {
  const gates = pod.spec.readinessGates ?? [];
  if (!containersReady(pod)) return true;
  return gates.every(({ conditionType }) =>
    pod.status?.conditions?.some(({ type, status }) => type === conditionType && status === "True"),
  );
}

/** The stage that applies to the pod now; undefined when it stays as it is. */
export function stageOf(pod: Pod, stages: readonly PodStage[] = POD_STAGES): PodStage | undefined {
  const simulation = simulationOf(pod);
  return stages.find((stage) => stage.when(pod, simulation));
}

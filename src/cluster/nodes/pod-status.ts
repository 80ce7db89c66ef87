// The status a kubelet writes at each point of a pod's life. Pure. Mirrors pkg/kubelet/status/generate.go and
// kubelet_pods.go, as far as a pod without processes has such a status.

import { formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodCondition,
  PodStatus,
} from "../../kubernetes/index.ts";
import { deriveOnce } from "../store/index.ts";
import type { DeriveOnce } from "../store/index.ts";
import { crashBackoffMs, crashLoopState } from "./crash-backoff.ts";
import { incomplete, setConditions, unready } from "./pod-conditions.ts";
import type { ConditionValue } from "./pod-conditions.ts";

export interface PodPlace {
  readonly now: InstantMs;
  readonly hostIP: string;
  readonly podIP: string;
  /** Crashes in a row before this one; a long run forgets them. */
  readonly crashes: number;
}

/** A container without process has an id and an image id that say so. */
const RUNTIME = "simulated";

const EXIT_REASON = { ok: "Completed", failed: "Error" } as const;

/** Pods of one template that get somewhere within the same second share what is said of it. */
type Conditions = readonly PodCondition[];
type Statuses = readonly ContainerStatus[];
const acceptedConditions: DeriveOnce<Conditions> = deriveOnce();
const acceptedStatuses: DeriveOnce<Statuses> = deriveOnce();
const runningConditions: DeriveOnce<Conditions> = deriveOnce();
const runningStatuses: DeriveOnce<Statuses> = deriveOnce();
const readyConditions: DeriveOnce<Conditions> = deriveOnce();
const readyStatuses: DeriveOnce<Statuses> = deriveOnce();

/** Taken over by the node: nothing runs yet. */
export function acceptedStatus(
  pod: Pod,
  { now, hostIP }: Pick<PodPlace, "now" | "hostIP">,
): PodStatus {
  const { containers } = pod.spec;
  const init = initContainers(pod);
  const waiting = waitingFor(init.length > 0 ? "PodInitializing" : "ContainerCreating");
  const startTime = formatInstant(now);
  const { conditions } = pod.status ?? {};
  const status: PodStatus = {
    ...pod.status,
    phase: "Pending",
    hostIP,
    hostIPs: [{ ip: hostIP }],
    startTime,
    conditions: acceptedConditions(
      containers,
      [conditions, pod.metadata.generation, startTime, init],
      () =>
        setConditions(pod, now, {
          PodReadyToStartContainers: false,
          Initialized: init.length > 0 ? ["ContainersNotInitialized", incomplete(init)] : true,
          Ready: ["ContainersNotReady", unready(containers)],
          ContainersReady: ["ContainersNotReady", unready(containers)],
          PodScheduled: true,
        }),
    ),
  };
  const containerStatuses = acceptedStatuses(containers, [init.length > 0], () =>
    containers.map((container) => statusOf(container, { state: waiting })),
  );
  if (init.length === 0) return { ...status, containerStatuses };
  const ofInit = initStatuses(pod, (container) => statusOf(container, { state: waiting }));
  return { ...status, ...ofInit, containerStatuses };
}

export interface Obstacle {
  readonly reason: string;
  readonly message: string;
}

/** The sandbox is there and has its address, but the container, or all that would start, cannot: their status says why. */
export function blockedStatus(
  pod: Pod,
  { now, podIP }: Pick<PodPlace, "now" | "podIP">,
  { reason, message }: Obstacle,
  container?: Container,
): PodStatus {
  const state = { waiting: { reason, message } };
  const init = currentInit(pod)?.container.name;
  const blocked = (status: ContainerStatus, which = container?.name): ContainerStatus =>
    which === undefined || status.name === which ? { ...status, state } : status;
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return {
    ...pod.status,
    ...addresses(podIP),
    conditions: setConditions(pod, now, { PodReadyToStartContainers: true }),
    ...(init === undefined
      ? { containerStatuses: containerStatuses.map((status) => blocked(status)) }
      : { initContainerStatuses: initContainerStatuses.map((status) => blocked(status, init)) }),
  };
}

/** The next init container runs; a sidecar goes on running beside the others. */
export function initStartedStatus(pod: Pod, place: PodPlace, name: string): PodStatus {
  const status = {
    ...pod.status,
    ...addresses(place.podIP),
    conditions: setConditions(pod, place.now, { PodReadyToStartContainers: true }),
    ...initStatuses(pod, (container, old) =>
      container.name === name
        ? runningContainer(container, old, place.now, container.restartPolicy === "Always")
        : statusOf(container, { state: waitingFor("PodInitializing"), ...old }),
    ),
  };
  return withInitialized({ ...pod, status }, place.now);
}

export function initEndedStatus(pod: Pod, { now }: PodPlace, name: string): PodStatus {
  const status = {
    ...pod.status,
    ...initStatuses(pod, (container, old) =>
      container.name === name
        ? {
            ...statusOf(container, { ...old, state: ended(old, now, 0) }),
            ready: true,
            started: false,
          }
        : statusOf(container, { state: waitingFor("PodInitializing"), ...old }),
    ),
  };
  return withInitialized({ ...pod, status }, now);
}

/** The first init container that has not run yet, or runs; a sidecar is done when it runs. */
export function currentInit(
  pod: Pod,
): { readonly container: Container; readonly runs: boolean } | undefined {
  if (pod.spec.initContainers === undefined) return undefined;
  for (const container of pod.spec.initContainers) {
    const state = pod.status?.initContainerStatuses?.find(
      ({ name }) => name === container.name,
    )?.state;
    const runs = state?.running !== undefined;
    const isDone = container.restartPolicy === "Always" ? runs : state?.terminated?.exitCode === 0;
    if (!isDone) return { container, runs };
  }
  return undefined;
}

function withInitialized(pod: Pod, now: InstantMs): PodStatus {
  const { status = {} } = pod;
  const left = initContainers(pod).filter((container) => !isInitDone(pod, container));
  const value: ConditionValue =
    left.length === 0 ? true : ["ContainersNotInitialized", incomplete(left)];
  return { ...status, conditions: setConditions(pod, now, { Initialized: value }) };
}

function isInitDone({ status }: Pod, { name, restartPolicy }: Container): boolean {
  const state = status?.initContainerStatuses?.find((one) => one.name === name)?.state;
  return restartPolicy === "Always"
    ? state?.running !== undefined
    : state?.terminated?.exitCode === 0;
}

export function runningStatus(pod: Pod, { now, podIP }: PodPlace): PodStatus {
  const { containers } = pod.spec;
  const { conditions = [], containerStatuses } = pod.status ?? {};
  const at = formatInstant(now);
  return {
    ...pod.status,
    phase: "Running",
    // Named one by one: to spread a second record costs more than everything else here.
    podIP,
    podIPs: [{ ip: podIP }],
    conditions: runningConditions(conditions, [pod.metadata.generation, at], () =>
      setConditions(pod, now, { PodReadyToStartContainers: true, Initialized: true }),
    ),
    containerStatuses: runningStatuses(containers, [containerStatuses, at], () =>
      containers.map((container) => runningContainer(container, find(pod, container), now, false)),
    ),
  };
}

/** What `kubectl debug` has added runs beside the others, and is part of no condition. */
export function debuggedStatus(pod: Pod, { now }: Pick<PodPlace, "now">): PodStatus {
  const old = pod.status?.ephemeralContainerStatuses ?? [];
  return {
    ...pod.status,
    ephemeralContainerStatuses: (pod.spec.ephemeralContainers ?? []).map(
      (container) =>
        old.find(({ name }) => name === container.name) ??
        runningContainer(container, undefined, now, false),
    ),
  };
}

export function readyStatus(pod: Pod, { now }: Pick<PodPlace, "now">): PodStatus {
  const { readinessGates } = pod.spec;
  const { conditions = [], containerStatuses = [] } = pod.status ?? {};
  const by = [pod.metadata.generation, formatInstant(now), readinessGates];
  return {
    ...pod.status,
    conditions: readyConditions(conditions, by, () =>
      setConditions(pod, now, { ContainersReady: true, Ready: gatesValue(pod) }),
    ),
    containerStatuses: readyStatuses(containerStatuses, [], () =>
      containerStatuses.map((status) => ({ ...status, ready: true, started: true })),
    ),
  };
}

function gatesValue({ spec, status: { conditions = [] } = {} }: Pod): ConditionValue {
  const shut = (spec.readinessGates ?? []).find(
    ({ conditionType }) =>
      !conditions.some(({ type, status }) => type === conditionType && status === "True"),
  );
  if (shut === undefined) return true;
  const message = `corresponding condition of pod readiness gate "${shut.conditionType}" does not exist.`;
  return ["ReadinessGatesNotReady", message];
}

export interface Ending {
  readonly exitCode: number;
  /** Default: as the exit code says. */
  readonly reason?: string;
  /** Which containers; default all that run. */
  readonly names?: readonly string[];
}

/** Containers have ended and are not started again; the pod has ended when no other is left. */
export function finishedStatus(
  pod: Pod,
  { now }: Pick<PodPlace, "now">,
  ending: Ending,
): PodStatus {
  const statuses = (pod.status?.containerStatuses ?? []).map((status) =>
    isEnding(status, ending)
      ? {
          ...status,
          ready: false,
          started: false,
          state: ended(status, now, ending.exitCode, ending.reason),
        }
      : status,
  );
  const codes = statuses.map(({ state }) => state?.terminated?.exitCode);
  if (codes.includes(undefined)) {
    return { ...notReadyStatus(pod, { now }), containerStatuses: statuses };
  }
  const isSuccess = codes.every((code) => code === 0);
  const reason = isSuccess ? "PodCompleted" : "PodFailed";
  return {
    ...pod.status,
    phase: isSuccess ? "Succeeded" : "Failed",
    conditions: setConditions(pod, now, {
      PodReadyToStartContainers: false,
      Initialized: isSuccess ? ["PodCompleted", "", "True"] : true,
      Ready: [reason, ""],
      ContainersReady: [reason, ""],
    }),
    ...endedSidecars(pod, now),
    containerStatuses: statuses,
  };
}

function endedSidecars(pod: Pod, now: InstantMs): Pick<PodStatus, "initContainerStatuses"> {
  const statuses = pod.status?.initContainerStatuses;
  if (statuses === undefined) return {};
  return {
    initContainerStatuses: statuses.map((status) =>
      status.state?.running === undefined
        ? status
        : { ...status, ready: false, started: false, state: ended(status, now, 0) },
    ),
  };
}

function isEnding({ name, state }: ContainerStatus, { names }: Ending): boolean {
  if (names !== undefined) return names.includes(name);
  return state?.terminated === undefined;
}

/** Past its deadline: everything in it is killed (pkg/kubelet/active_deadline.go). */
export function overdueStatus(pod: Pod, place: Pick<PodPlace, "now">): PodStatus {
  const killed = finishedStatus(pod, place, { exitCode: 137, reason: "Error" });
  return {
    ...killed,
    phase: "Failed",
    reason: "DeadlineExceeded",
    message: "Pod was active on the node longer than the specified deadline",
  };
}

/** The containers run, and one of them does not answer its readiness probe. */
export function notReadyStatus(pod: Pod, { now }: Pick<PodPlace, "now">): PodStatus {
  const unreadyContainers = pod.spec.containers;
  return {
    ...pod.status,
    conditions: setConditions(pod, now, {
      Ready: ["ContainersNotReady", unready(unreadyContainers)],
      ContainersReady: ["ContainersNotReady", unready(unreadyContainers)],
    }),
    containerStatuses: (pod.status?.containerStatuses ?? []).map((status) => ({
      ...status,
      ready: false,
    })),
  };
}

/** Containers have ended and are started again: at once the first time, after a back-off later on. */
export function crashedStatus(
  pod: Pod,
  { now, crashes }: Pick<PodPlace, "now" | "crashes">,
  ending: Ending,
): PodStatus {
  const backoffMs = crashBackoffMs(crashes);
  const statuses = (pod.status?.containerStatuses ?? []).map((status) => {
    if (!isEnding(status, ending)) return status;
    const crashed = {
      ...status,
      ready: false,
      started: false,
      lastState: ended(status, now, ending.exitCode, ending.reason),
    };
    if (backoffMs === 0) return restarted(crashed, now);
    return { ...crashed, state: crashLoopState(pod, status.name, backoffMs) };
  });
  return { ...notReadyStatus(pod, { now }), containerStatuses: statuses };
}

/** Some containers are killed and started again at once: nothing has failed, and no back-off is due. */
export function replacedStatus(
  pod: Pod,
  { now }: Pick<PodPlace, "now">,
  names: ReadonlySet<string>,
): PodStatus {
  const replaced = (statuses: readonly ContainerStatus[]): readonly ContainerStatus[] =>
    statuses.map((status) =>
      names.has(status.name)
        ? restarted({ ...status, lastState: ended(status, now, SIGTERM_EXIT) }, now)
        : status,
    );
  const { containerStatuses = [], initContainerStatuses } = pod.status ?? {};
  const sidecars =
    initContainerStatuses === undefined
      ? {}
      : { initContainerStatuses: replaced(initContainerStatuses) };
  const isOfSidecars = !containerStatuses.some(({ name }) => names.has(name));
  if (isOfSidecars) return { ...pod.status, ...sidecars };
  const unreadied = replaced(containerStatuses).map((status) =>
    names.has(status.name) ? { ...status, ready: false } : status,
  );
  return { ...notReadyStatus(pod, { now }), ...sidecars, containerStatuses: unreadied };
}

/** Started again after a back-off. */
export function restartedStatus(pod: Pod, { now }: Pick<PodPlace, "now">): PodStatus {
  return {
    ...pod.status,
    containerStatuses: (pod.status?.containerStatuses ?? []).map((status) =>
      status.state?.waiting?.reason === "CrashLoopBackOff" ? restarted(status, now) : status,
    ),
  };
}

/** Of what a kubelet stops: 128 and SIGTERM. */
export const SIGTERM_EXIT = 143;

function restarted(status: ContainerStatus, now: InstantMs): ContainerStatus {
  return {
    ...status,
    restartCount: status.restartCount + 1,
    started: true,
    state: { running: { startedAt: formatInstant(now) } },
  };
}

/** As the waiting container says it. */
export function readBackoffMs({ status }: Pod): number {
  for (const { state } of status?.containerStatuses ?? []) {
    const said = /^back-off (?:(\d+)m)?(\d+)s /.exec(state?.waiting?.message ?? "");
    if (said !== null) return (Number(said[1] ?? 0) * 60 + Number(said[2])) * 1000;
  }
  return 0;
}

function initContainers({ spec }: Pod): readonly Container[] {
  return spec.initContainers ?? NO_CONTAINERS;
}

const NO_CONTAINERS: readonly Container[] = [];

function initStatuses(
  pod: Pod,
  build: (container: Container, old: ContainerStatus | undefined) => ContainerStatus,
): Pick<PodStatus, "initContainerStatuses"> {
  const containers = initContainers(pod);
  if (containers.length === 0) return {};
  const old = pod.status?.initContainerStatuses ?? [];
  return {
    initContainerStatuses: containers.map((container) =>
      build(
        container,
        old.find(({ name }) => name === container.name),
      ),
    ),
  };
}

function find({ status }: Pod, { name }: Container): ContainerStatus | undefined {
  return status?.containerStatuses?.find((container) => container.name === name);
}

function statusOf(
  { name, image = "" }: Container,
  over: Partial<ContainerStatus> & { readonly state: ContainerState },
): ContainerStatus {
  const none = { ready: false, restartCount: 0, imageID: "", started: false, lastState: {} };
  return { ...none, ...over, name, image };
}

function runningContainer(
  container: Container,
  old: ContainerStatus | undefined,
  now: InstantMs,
  ready: boolean,
): ContainerStatus {
  return statusOf(container, {
    ...old,
    ready,
    started: container.startupProbe === undefined,
    imageID: `${RUNTIME}://${container.image ?? ""}`,
    containerID: `${RUNTIME}://${container.name}`,
    state: { running: { startedAt: formatInstant(now) } },
  });
}

function waitingFor(reason: string): ContainerState {
  return { waiting: { reason } };
}

function ended(
  status: ContainerStatus | undefined,
  now: InstantMs,
  exitCode: number,
  reason: string = exitCode === 0 ? EXIT_REASON.ok : EXIT_REASON.failed,
): ContainerState {
  const at = formatInstant(now);
  return {
    terminated: {
      exitCode,
      reason,
      startedAt: status?.state?.running?.startedAt ?? at,
      finishedAt: at,
    },
  };
}

function addresses(podIP: string): Pick<PodStatus, "podIP" | "podIPs"> {
  return { podIP, podIPs: [{ ip: podIP }] };
}

// The status a kubelet writes at each point of a pod's life. Pure. Mirrors pkg/kubelet/status/generate.go and
// kubelet_pods.go, as far as a pod without processes has such a status.

import { formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import type {
  PodCondition,
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodStatus,
} from "../../kubernetes/index.ts";

export interface PodPlace {
  readonly now: InstantMs;
  readonly hostIP: string;
  readonly podIP: string;
}

/** A container without process has an id and an image id that say so. */
const RUNTIME = "simulated";

const EXIT_REASON = { ok: "Completed", failed: "Error" } as const;

type Conditions = readonly PodCondition[];

/** Taken over by the node: nothing runs yet. */
export function acceptedStatus(
  pod: Pod,
  { now, hostIP }: Pick<PodPlace, "now" | "hostIP">,
): PodStatus {
  const hasInit = initContainers(pod).length > 0;
  const waiting = waitingFor(hasInit ? "PodInitializing" : "ContainerCreating");
  return {
    ...pod.status,
    phase: "Pending",
    hostIP,
    startTime: formatInstant(now),
    conditions: setConditions(pod, now, {
      PodReadyToStartContainers: false,
      Initialized: hasInit ? ["ContainersNotInitialized", incomplete(initContainers(pod))] : true,
      Ready: ["ContainersNotReady", unready(pod.spec.containers)],
      ContainersReady: ["ContainersNotReady", unready(pod.spec.containers)],
    }),
    ...initStatuses(pod, (container) => statusOf(container, { state: waiting })),
    containerStatuses: pod.spec.containers.map((container) =>
      statusOf(container, { state: waiting }),
    ),
  };
}

/** Waits for something outside: the reason stands in every container that has not started. */
export function blockedStatus(pod: Pod, reason: string, message: string): PodStatus {
  const state = { waiting: { reason, message } };
  const statuses = pod.status?.containerStatuses ?? [];
  return { ...pod.status, containerStatuses: statuses.map((status) => ({ ...status, state })) };
}

/** The init containers have run, one after the other; sidecars keep running. */
export function initializedStatus(pod: Pod, { now, podIP }: PodPlace): PodStatus {
  return {
    ...pod.status,
    ...addresses(podIP),
    conditions: setConditions(pod, now, { PodReadyToStartContainers: true, Initialized: true }),
    ...initStatuses(pod, (container, old) => {
      if (container.restartPolicy === "Always") return runningContainer(container, old, now, true);
      return { ...statusOf(container, { ...old, state: ended(old, now, 0) }), ready: true };
    }),
    containerStatuses: pod.spec.containers.map((container) =>
      statusOf(container, { ...find(pod, container), state: waitingFor("PodInitializing") }),
    ),
  };
}

export function runningStatus(pod: Pod, { now, podIP }: PodPlace): PodStatus {
  return {
    ...pod.status,
    phase: "Running",
    ...addresses(podIP),
    conditions: setConditions(pod, now, { PodReadyToStartContainers: true, Initialized: true }),
    containerStatuses: pod.spec.containers.map((container) =>
      runningContainer(container, find(pod, container), now, false),
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
  const gates = pod.spec.readinessGates ?? [];
  const open = gates.filter(
    ({ conditionType }) =>
      !pod.status?.conditions?.some(
        ({ type, status }) => type === conditionType && status === "True",
      ),
  );
  const message = `corresponding condition of pod readiness gate "${open[0]?.conditionType}" does not exist.`;
  return {
    ...pod.status,
    conditions: setConditions(pod, now, {
      ContainersReady: true,
      Ready: open.length === 0 ? true : ["ReadinessGatesNotReady", message],
    }),
    containerStatuses: (pod.status?.containerStatuses ?? []).map((status) => ({
      ...status,
      ready: true,
    })),
  };
}

/** Every container has ended and none is started again. */
export function finishedStatus(
  pod: Pod,
  { now }: Pick<PodPlace, "now">,
  exitCode: number,
): PodStatus {
  const reason = exitCode === 0 ? "PodCompleted" : "PodFailed";
  return {
    ...pod.status,
    phase: exitCode === 0 ? "Succeeded" : "Failed",
    conditions: setConditions(pod, now, {
      PodReadyToStartContainers: false,
      Initialized: exitCode === 0 ? ["PodCompleted", "", "True"] : true,
      Ready: [reason, ""],
      ContainersReady: [reason, ""],
    }),
    containerStatuses: (pod.status?.containerStatuses ?? []).map((status) => ({
      ...status,
      ready: false,
      started: false,
      state: ended(status, now, exitCode),
    })),
  };
}

/** The containers have ended and wait to be started again. */
export function crashedStatus(
  pod: Pod,
  { now }: Pick<PodPlace, "now">,
  { exitCode, backoffMs }: { readonly exitCode: number; readonly backoffMs: number },
): PodStatus {
  const { name, namespace, uid } = pod.metadata;
  return {
    ...pod.status,
    conditions: setConditions(pod, now, {
      Ready: ["ContainersNotReady", unready(pod.spec.containers)],
      ContainersReady: ["ContainersNotReady", unready(pod.spec.containers)],
    }),
    containerStatuses: (pod.status?.containerStatuses ?? []).map((status) => ({
      ...status,
      ready: false,
      started: false,
      lastState: ended(status, now, exitCode),
      state: {
        waiting: {
          reason: "CrashLoopBackOff",
          message: `back-off ${formatBackoff(backoffMs)} restarting failed container=${status.name} pod=${name}_${namespace}(${uid})`,
        },
      },
    })),
  };
}

/** Started again after a crash. */
export function restartedStatus(pod: Pod, { now }: Pick<PodPlace, "now">): PodStatus {
  return {
    ...pod.status,
    containerStatuses: (pod.status?.containerStatuses ?? []).map((status) => ({
      ...status,
      restartCount: status.restartCount + 1,
      started: true,
      state: { running: { startedAt: formatInstant(now) } },
    })),
  };
}

function formatBackoff(backoffMs: number): string {
  const seconds = Math.round(backoffMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function initContainers({ spec }: Pod): readonly Container[] {
  return spec.initContainers ?? [];
}

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
  return { ready: false, restartCount: 0, imageID: "", started: false, ...over, name, image };
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
    started: true,
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
): ContainerState {
  const at = formatInstant(now);
  return {
    terminated: {
      exitCode,
      reason: exitCode === 0 ? EXIT_REASON.ok : EXIT_REASON.failed,
      startedAt: status?.state?.running?.startedAt ?? at,
      finishedAt: at,
    },
  };
}

function addresses(podIP: string): Pick<PodStatus, "podIP" | "podIPs"> {
  return { podIP, podIPs: [{ ip: podIP }] };
}

function incomplete(containers: readonly Container[]): string {
  return `containers with incomplete status: [${containers.map(({ name }) => name).join(" ")}]`;
}

function unready(containers: readonly Container[]): string {
  return `containers with unready status: [${containers.map(({ name }) => name).join(" ")}]`;
}

/** True, or the reason and message why not, or with which a condition is true all the same. */
type ConditionValue = boolean | readonly [reason: string, message: string, status?: "True"];

function setConditions(
  pod: Pod,
  now: InstantMs,
  values: Readonly<Record<string, ConditionValue>>,
): Conditions {
  const conditions = [...(pod.status?.conditions ?? [])];
  for (const [type, value] of Object.entries(values)) {
    const index = conditions.findIndex((condition) => condition.type === type);
    const next = conditionFor(pod, type, value, conditions[index], now);
    if (index < 0) conditions.push(next);
    else conditions[index] = next;
  }
  return conditions;
}

function conditionFor(
  pod: Pod,
  type: string,
  value: ConditionValue,
  old: PodCondition | undefined,
  now: InstantMs,
): PodCondition {
  const [reason, message, forced] = typeof value === "boolean" ? [] : value;
  const status = forced ?? (value === true ? "True" : "False");
  const { generation } = pod.metadata;
  const since = old?.status === status ? old.lastTransitionTime : undefined;
  return {
    type,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime: since ?? formatInstant(now),
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
  };
}

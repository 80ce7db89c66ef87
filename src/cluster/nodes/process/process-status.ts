// The status of a pod of processes. Pure. Mirrors pkg/kubelet/kubelet_pods.go (getPhase, convertToAPIContainerStatuses) and
// pkg/kubelet/status/generate.go.

import { formatInstant } from "../../../core/index.ts";
import type { InstantMs } from "../../../core/index.ts";
import { podCondition } from "../../../kubernetes/index.ts";
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodPhase,
  PodStatus,
} from "../../../kubernetes/index.ts";
import { crashLoopState } from "../crash-backoff.ts";
import { PROCESS } from "../node-agent.ts";
import { incomplete, setConditions, unready } from "../pod-conditions.ts";
import type { ConditionValue } from "../pod-conditions.ts";
import { restartsAfter } from "./container-facts.ts";
import type { ContainerFacts, EndedRun } from "./container-facts.ts";

export interface PodFacts {
  readonly now: InstantMs;
  readonly hostIP: string;
  /** Undefined before the pod has an address. */
  readonly podIP: string | undefined;
  readonly containers: readonly ContainerFacts[];
  /** The pod is on its way out: nothing is started any more. */
  readonly isEnding: boolean;
  /** Why it was ended by its node. */
  readonly failure?: { readonly reason: string; readonly message: string } | undefined;
}

export function processStatus(pod: Pod, facts: PodFacts): PodStatus {
  const { now, hostIP, podIP, containers, failure } = facts;
  const phase = phaseOf(pod, facts);
  const started = pod.status?.startTime ?? formatInstant(now);
  const before = containers.filter(({ role }) => role !== "main");
  const mains = containers.filter(({ role }) => role === "main");
  const waitsFor = isInitialized(containers) ? "ContainerCreating" : "PodInitializing";
  const statuses = (some: readonly ContainerFacts[]): readonly ContainerStatus[] =>
    some.map((one) => containerStatus(pod, one, facts.isEnding, waitsFor));
  return {
    ...pod.status,
    phase,
    ...(phase === "Failed" ? failure : {}),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: started,
    conditions: setConditions(pod, now, conditionsOf(pod, facts, phase)),
    ...(before.length === 0 ? {} : { initContainerStatuses: statuses(before) }),
    containerStatuses: statuses(mains),
    ...debuggers(pod),
  };
}

/** Images to debug with have no local form: they are answered, and never run. */
function debuggers({ spec }: Pod): Pick<PodStatus, "ephemeralContainerStatuses"> {
  const { ephemeralContainers = [] } = spec;
  if (ephemeralContainers.length === 0) return {};
  const message = `there is no container engine here to run an image in; kubectl exec opens a shell beside the process`;
  return {
    ephemeralContainerStatuses: ephemeralContainers.map(({ name, image = "" }) => ({
      name,
      image,
      imageID: "",
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: "ErrImagePull", message } },
    })),
  };
}

function phaseOf(pod: Pod, { containers, isEnding, failure }: PodFacts): PodPhase {
  // Others may take a pod's place once it has ended: not before its last process has.
  const runs = containers.some(({ running }) => running !== undefined);
  if (failure !== undefined && !runs) return "Failed";
  const over = ({ running, ended, role }: ContainerFacts): boolean =>
    running === undefined && ended !== undefined && (isEnding || !restartsAfter(pod, role, ended));
  const before = containers.filter(({ role }) => role !== "main");
  if (before.some((one) => one.role === "init" && over(one) && one.ended?.exitCode !== 0)) {
    return runs ? "Pending" : "Failed";
  }
  const mains = containers.filter(({ role }) => role === "main");
  const hasBegun = mains.every(({ running, ended }) => (running ?? ended) !== undefined);
  if (!isInitialized(containers) || !hasBegun) return "Pending";
  if (runs) return "Running";
  if (!mains.every(over)) return "Running";
  return mains.every(({ ended }) => ended?.exitCode === 0) ? "Succeeded" : "Failed";
}

function isInitialized(containers: readonly ContainerFacts[]): boolean {
  const hasBegun = containers.some(
    ({ role, running, ended }) => role === "main" && (running ?? ended) !== undefined,
  );
  return hasBegun || containers.every((one) => one.role === "main" || isInitDone(one));
}

function isInitDone({ role, running, ended }: ContainerFacts): boolean {
  if (role === "sidecar") return running?.startedUp === true;
  return running === undefined && ended?.exitCode === 0;
}

function conditionsOf(
  pod: Pod,
  { podIP, containers }: PodFacts,
  phase: PodPhase,
): Readonly<Record<string, ConditionValue>> {
  const isOver = phase === "Succeeded" || phase === "Failed";
  const uninitialized = containers.filter((one) => one.role !== "main" && !isInitDone(one));
  const ready = readiness(containers, phase);
  return {
    PodReadyToStartContainers: podIP !== undefined && !isOver,
    Initialized: isInitialized(containers)
      ? phase !== "Succeeded" || ["PodCompleted", "", "True"]
      : ["ContainersNotInitialized", incomplete(uninitialized.map(({ container }) => container))],
    Ready: ready === true ? gates(pod) : ready,
    ContainersReady: ready,
  };
}

function readiness(containers: readonly ContainerFacts[], phase: PodPhase): ConditionValue {
  if (phase === "Succeeded") return ["PodCompleted", ""];
  if (phase === "Failed") return ["PodFailed", ""];
  const waiting = containers
    .filter(({ role, running }) => role !== "init" && running?.ready !== true)
    .map(({ container }): Container => container);
  return waiting.length === 0 ? true : ["ContainersNotReady", unready(waiting)];
}

function gates(pod: Pod): ConditionValue {
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = podCondition(pod, conditionType);
    const gate = `condition of pod readiness gate ${JSON.stringify(conditionType)}`;
    if (condition === undefined) return [`corresponding ${gate} does not exist.`];
    if (condition.status === "True") return [];
    return [
      `the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`,
    ];
  });
  return messages.length === 0 ? true : ["ReadinessGatesNotReady", messages.join(", ")];
}

function containerStatus(
  pod: Pod,
  facts: ContainerFacts,
  isEnding: boolean,
  waitsFor: string,
): ContainerStatus {
  const { container, restartCount, running } = facts;
  const { name, image = "" } = container;
  const containerID = running?.containerID ?? facts.ended?.containerID;
  return {
    name,
    image,
    imageID: image === "" ? "" : `${PROCESS}://${image}`,
    ready: facts.role === "init" ? facts.ended?.exitCode === 0 : running?.ready === true,
    started: running?.startedUp === true,
    restartCount,
    ...(containerID === undefined ? {} : { containerID }),
    ...statesOf(pod, facts, isEnding, waitsFor),
  };
}

function statesOf(
  pod: Pod,
  { container, role, running, ended, before, blocked, backoffMs = 0 }: ContainerFacts,
  isEnding: boolean,
  waitsFor: string,
): Pick<ContainerStatus, "state" | "lastState"> {
  const last = (run: EndedRun | undefined) => (run === undefined ? {} : { lastState: end(run) });
  if (running !== undefined) {
    return {
      state: { running: { startedAt: formatInstant(running.startedAt) } },
      ...last(ended ?? before),
    };
  }
  if (blocked !== undefined && !isEnding)
    return { state: { waiting: blocked }, ...last(ended ?? before) };
  if (ended === undefined) return { state: { waiting: { reason: waitsFor } }, ...last(before) };
  if (isEnding || backoffMs === 0 || !restartsAfter(pod, role, ended)) {
    return { state: end(ended), ...last(before) };
  }
  return { state: crashLoopState(pod, container.name, backoffMs), ...last(ended) };
}

function end({ startedAt, finishedAt, ...run }: EndedRun): ContainerState {
  return {
    terminated: {
      ...run,
      startedAt: formatInstant(startedAt),
      finishedAt: formatInstant(finishedAt),
    },
  };
}

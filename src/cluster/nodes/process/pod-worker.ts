// One pod of processes: looks at what should be and what is, starts and stops containers, and writes the status when it has
// become another one. Mirrors pkg/kubelet/pod_workers.go and kubelet.go (SyncPod, SyncTerminatingPod).

import { isDeepStrictEqual } from "node:util";

import { formatInstant } from "../../../core/index.ts";
import type { InstantMs } from "../../../core/index.ts";
import { isTerminating } from "../../../kubernetes/index.ts";
import type { Pod, PodStatus, ReconcileResult } from "../../../kubernetes/index.ts";
import type { StageEvent } from "../stage-events.ts";
import { containerSlots } from "./container-facts.ts";
import type { ContainerFacts } from "./container-facts.ts";
import { createContainerRunner, graceOf } from "./container-runner.ts";
import type { ContainerRunner, RunnerHost } from "./container-runner.ts";
import { planContainers } from "./plan-containers.ts";
import { processStatus } from "./process-status.ts";
import type { PodFacts } from "./process-status.ts";

/** What a worker needs of the node it works for. */
export interface WorkerHost extends Omit<RunnerHost, "pod"> {
  hostIP(): string;
  /** Everything that has to be there before a container starts; undefined when it is. */
  prepare(pod: Pod): Promise<Preparation>;
  write(pod: Pod, status: PodStatus): Promise<void>;
  /** Everything has ended: the object goes. */
  remove(pod: Pod, final: PodStatus): Promise<void>;
}

export type Preparation =
  | { readonly outcome: "ready"; readonly againAt: InstantMs | undefined }
  /** Said of every container that has not started, or only as an event. */
  | {
      readonly outcome: "blocked";
      readonly event: StageEvent;
      readonly waiting: { readonly reason: string; readonly message: string } | undefined;
    };

export interface PodWorker {
  readonly pod: Pod;
  readonly runners: readonly ContainerRunner[];
  sync(pod: Pod): Promise<ReconcileResult | void>;
  /** Ends every process; the object is left as it is. */
  shutDown(graceMs: number): Promise<void>;
}

const OVERDUE = {
  reason: "DeadlineExceeded",
  message: "Pod was active on the node longer than the specified deadline",
} as const;

export function createPodWorker(first: Pod, host: WorkerHost): PodWorker {
  const { clock } = host;
  let pod = first;
  let prepared = false;
  let isDown = false;
  let failure: PodFacts["failure"];
  let said = "";
  let waiting: ContainerFacts["blocked"];
  let ending: Promise<void> | undefined;
  const debuggers = new Set<string>();
  const runnerHost: RunnerHost = { ...host, pod: () => pod };
  const runners = containerSlots(first).map((slot) => createContainerRunner(slot, runnerHost));
  resumeRunners(first, runners, host);

  const isEnding = (): boolean => isTerminating(pod) || failure !== undefined;
  const factsOf = (runner: ContainerRunner): ContainerFacts => {
    const facts = runner.facts();
    const hasRun = (facts.running ?? facts.ended) !== undefined;
    return waiting === undefined || hasRun ? facts : { ...facts, blocked: waiting };
  };
  const status = (): PodStatus =>
    processStatus(pod, {
      now: clock.now(),
      hostIP: host.hostIP(),
      podIP: prepared || pod.status?.podIP !== undefined ? host.podIP() : undefined,
      containers: runners.map(factsOf),
      isEnding: isEnding(),
      failure,
    });
  const writeStatus = async (): Promise<void> => {
    const next = status();
    if (isDown || isDeepStrictEqual(plain(next), plain(pod.status))) return;
    await host.write(pod, next);
  };
  /** Containers that others may still need go last, in the reverse order of their start. */
  const stopAll = async (graceMs: number, hooks: boolean): Promise<void> => {
    const deadline = clock.now() + graceMs;
    const stop = (runner: ContainerRunner): Promise<void> =>
      runner.stop({
        graceMs: Math.max(0, deadline - clock.now()),
        message: `Stopping container ${runner.container.name}`,
        hooks,
      });
    await Promise.all(runners.filter(({ role }) => role !== "sidecar").map(stop));
    for (const runner of runners.filter(({ role }) => role === "sidecar").toReversed()) {
      await stop(runner);
    }
  };
  const end = async (): Promise<ReconcileResult | void> => {
    ending ??= stopAll(graceOf(pod), true).finally(host.wake);
    const isOver = runners.every(({ live }) => live === undefined);
    if (!isOver) {
      await writeStatus();
      return killOverdue(pod, runners, clock.now());
    }
    if (isTerminating(pod)) return host.remove(pod, status());
    await writeStatus();
  };
  const tellDebuggers = (): void => {
    for (const { name, image = "" } of pod.spec.ephemeralContainers ?? []) {
      if (debuggers.has(name)) continue;
      debuggers.add(name);
      const message = `Failed to pull image ${JSON.stringify(image)}: there is no container engine here`;
      host.tell({ type: "Warning", reason: "Failed", message });
    }
  };
  const isOverdue = (): boolean => {
    const { activeDeadlineSeconds } = pod.spec;
    const startTime = pod.status?.startTime;
    if (activeDeadlineSeconds === undefined || startTime === undefined) return false;
    return clock.now() >= Date.parse(startTime) + activeDeadlineSeconds * 1000;
  };
  const block = async (
    blocked: Extract<Preparation, { outcome: "blocked" }>,
  ): Promise<ReconcileResult> => {
    if (said !== blocked.event.message) host.tell(blocked.event);
    said = blocked.event.message;
    waiting = blocked.waiting;
    await writeStatus();
    return { requeueAfterMs: RETRY_MS };
  };
  const run = async (): Promise<ReconcileResult | void> => {
    const preparation = await host.prepare(pod);
    if (preparation.outcome === "blocked") return block(preparation);
    prepared = true;
    said = "";
    waiting = undefined;
    const plan = planContainers(pod, runners.map(factsOf), clock.now());
    if (plan.isFinished) await stopAll(graceOf(pod), true);
    for (const runner of runners) {
      if (isDown || !plan.start.includes(runner.container.name)) continue;
      await runner.start();
    }
    tellDebuggers();
    await writeStatus();
    return nextLook(plan.wakeAt, preparation.againAt, runners);
  };
  const nextLook = (
    wakeAt: InstantMs | undefined,
    againAt: InstantMs | undefined,
    all: readonly ContainerRunner[],
  ): ReconcileResult | void => {
    const { activeDeadlineSeconds } = pod.spec;
    const deadline =
      activeDeadlineSeconds === undefined
        ? undefined
        : Date.parse(pod.status?.startTime ?? formatInstant(clock.now())) +
          activeDeadlineSeconds * 1000;
    const isBlocked = all.some((runner) => runner.facts().blocked !== undefined);
    const retryAt = isBlocked ? clock.now() + RETRY_MS : undefined;
    const times = [wakeAt, againAt, deadline, retryAt].filter((at) => at !== undefined);
    if (times.length === 0) return undefined;
    return { requeueAfterMs: Math.max(1, Math.min(...times) - clock.now()) };
  };

  return {
    get pod() {
      return pod;
    },
    runners,
    async sync(current) {
      pod = current;
      if (isDown) return undefined;
      if (failure === undefined && !isTerminating(pod) && isOverdue()) {
        failure = OVERDUE;
        host.tell(OVERDUE);
      }
      return isEnding() ? end() : run();
    },
    async shutDown(graceMs) {
      isDown = true;
      await stopAll(graceMs, false);
    },
  };
}

/** How soon something that is missing is looked for again when nothing tells of it. */
const RETRY_MS = 10_000;

/** A grace period that was made shorter while containers stop. */
function killOverdue(
  { metadata }: Pod,
  runners: readonly ContainerRunner[],
  now: InstantMs,
): ReconcileResult | void {
  const { deletionTimestamp } = metadata;
  if (deletionTimestamp === undefined) return undefined;
  const leftMs = Date.parse(deletionTimestamp) + KILL_LATE_MS - now;
  if (leftMs > 0) return { requeueAfterMs: leftMs };
  for (const runner of runners) runner.kill();
  return undefined;
}

/** The last of a pod's containers has this long beyond the grace period. */
const KILL_LATE_MS = 4_000;

/** What a former runtime wrote: its processes are gone, and the pod's place is made anew. */
function resumeRunners(pod: Pod, runners: readonly ContainerRunner[], host: WorkerHost): void {
  if (pod.status?.startTime === undefined) return;
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status;
  const known = [...initContainerStatuses, ...containerStatuses];
  for (const runner of runners) {
    const own = known.find(({ name }) => name === runner.container.name);
    if (own !== undefined) runner.resume(own);
  }
  if (!known.some(({ state }) => state?.running !== undefined) || isTerminating(pod)) return;
  const message = "Pod sandbox changed, it will be killed and re-created.";
  host.tell({ reason: "SandboxChanged", message });
}

function plain(status: PodStatus | undefined): unknown {
  return JSON.parse(JSON.stringify(status ?? {}));
}

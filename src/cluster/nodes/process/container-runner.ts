// One container of a pod through all its runs: started, probed, stopped, started again. What to do when is planned elsewhere;
// here it is done, and what came of it is remembered. Mirrors pkg/kubelet/kuberuntime/kuberuntime_container.go.

import type { Clock, InstantMs } from "../../../core/index.ts";
import type { Container, ContainerStatus, Pod } from "../../../kubernetes/index.ts";
import { CRASH_FORGOTTEN_MS, crashBackoffMs } from "../crash-backoff.ts";
import { PROCESS } from "../node-agent.ts";
import type { StageEvent } from "../stage-events.ts";
import { restartsAfter } from "./container-facts.ts";
import type { ContainerFacts, ContainerRole, ContainerSlot, EndedRun } from "./container-facts.ts";
import { startProcess } from "./container-process.ts";
import type { ContainerProcess, Launch } from "./container-process.ts";
import type { LogFile } from "./log-file.ts";
import { askContainer } from "./probes/ask-container.ts";
import { startProbes } from "./probes/container-probes.ts";
import type { ContainerProbes } from "./probes/container-probes.ts";
import { withTimeout } from "./probes/probe-result.ts";
import { terminationMessage } from "./termination-message.ts";

export interface RunnerHost {
  readonly clock: Clock;
  /** The pod as it is now. */
  pod(): Pod;
  podIP(): string;
  reach(address: string, port: number): { readonly host: string; readonly port: number };
  /** Throws LaunchBlocked when something is missing. */
  launch(container: Container, run: string): Launch;
  /** A command in the place of a running container. */
  commandIn(launch: Launch, container: Container, command: readonly string[]): Launch;
  openLog(container: string, attempt: number): LogFile;
  runName(container: string, attempt: number): string;
  tell(event: StageEvent): void;
  /** Something has changed: the pod is looked at again. */
  wake(): void;
  /** Around the life of every process. */
  onStarted(container: string, process: ContainerProcess): void;
  onEnded(process: ContainerProcess): void;
}

/** The container cannot be started now; shown as waiting, with a reason. */
export class LaunchBlocked extends Error {
  override readonly name = "LaunchBlocked";
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface LiveRun {
  readonly process: ContainerProcess;
  readonly launch: Launch;
  readonly log: LogFile;
}

export interface StopOptions {
  readonly graceMs: number;
  /** What is told; absent: nothing. */
  readonly message?: string;
  /** The reason the ended run shows instead of `Error`. */
  readonly reason?: string;
  /** Hooks are asked first; not when the node itself goes down. */
  readonly hooks?: boolean;
}

export interface ContainerRunner {
  readonly container: Container;
  readonly role: ContainerRole;
  readonly live: LiveRun | undefined;
  facts(): ContainerFacts;
  start(): Promise<void>;
  /** Resolves when it has ended; a second call only hears of the first one's end. */
  stop(options: StopOptions): Promise<void>;
  /** At once, with everything it started. */
  kill(reason?: string): void;
  /** Begins anew without delay, whatever crashed before: somebody has changed what it runs. */
  restart(message: string): Promise<void>;
  /** Takes over what a former runtime wrote of the container; nothing of it runs any more. */
  resume(status: ContainerStatus): void;
}

/** The grace period is at least this after a hook has used it up. */
const GRACE_MIN_MS = 2_000;
/** Somebody who has just changed a file waits for the answer. */
const RESTART_GRACE_MS = 500;
const SIGKILLED = 137;
const NOT_STARTED = 128;
/** What container runtimes say of a container whose end nobody saw. */
const UNSEEN = { exitCode: 255, reason: "Unknown" } as const;

interface RunnerState {
  attempt: number;
  live: (LiveRun & { readonly startedAt: InstantMs; readonly containerID: string }) | undefined;
  probes: ContainerProbes | undefined;
  hookDone: boolean;
  ended: EndedRun | undefined;
  before: EndedRun | undefined;
  blocked: { readonly reason: string; readonly message: string } | undefined;
  /** While its process is being made. */
  starting: Promise<void> | undefined;
  stopping: Promise<void> | undefined;
  endReason: string | undefined;
  crashes: number;
  restartedAt: InstantMs;
  notBefore: InstantMs | undefined;
  backoffMs: number;
  /** The next end is no crash. */
  forgiven: boolean;
}

function freshState(): RunnerState {
  return {
    attempt: -1,
    live: undefined,
    probes: undefined,
    hookDone: false,
    ended: undefined,
    before: undefined,
    blocked: undefined,
    starting: undefined,
    stopping: undefined,
    endReason: undefined,
    crashes: 0,
    restartedAt: 0,
    notBefore: undefined,
    backoffMs: 0,
    forgiven: false,
  };
}

export function createContainerRunner(slot: ContainerSlot, host: RunnerHost): ContainerRunner {
  const { container, role } = slot;
  const { clock } = host;
  const state = freshState();

  const rememberEnd = (run: EndedRun): void => {
    state.before = state.ended ?? state.before;
    state.ended = run;
    state.endReason = undefined;
    if (run.finishedAt - state.restartedAt > CRASH_FORGOTTEN_MS) state.crashes = 0;
    if (state.forgiven) return forgive(run.finishedAt);
    state.backoffMs = crashBackoffMs(state.crashes);
    state.notBefore = run.finishedAt + state.backoffMs;
    if (state.backoffMs > 0 && restartsAfter(host.pod(), role, run)) tellBackOff();
    host.wake();
  };
  const forgive = (now: InstantMs): void => {
    // The restart to come counts as the first.
    Object.assign(state, { forgiven: false, crashes: -1, backoffMs: 0, notBefore: now });
    host.wake();
  };
  const tellBackOff = (): void => {
    const { name, namespace, uid } = host.pod().metadata;
    const message = `Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`;
    host.tell({ type: "Warning", reason: "BackOff", message });
  };
  const onExit = (exitCode: number): void => {
    const { live } = state;
    if (live === undefined) return;
    state.probes?.stop();
    live.log.close();
    host.onEnded(live.process);
    state.live = undefined;
    state.stopping = undefined;
    const reason = state.endReason ?? (exitCode === 0 ? "Completed" : "Error");
    rememberEnd({
      exitCode: reason === "OOMKilled" ? SIGKILLED : exitCode,
      reason,
      ...terminationMessage(container, live, exitCode),
      startedAt: live.startedAt,
      finishedAt: clock.now(),
      containerID: live.containerID,
    });
  };
  const inPlace = (command: readonly string[]): Launch => {
    const launch = state.live?.launch ?? { directory: "/", environment: {}, command };
    return host.commandIn(launch, container, command);
  };
  const asked = () => ({ container, clock, podIP: host.podIP(), reach: host.reach, inPlace });

  const watch = (startedAt: InstantMs): void => {
    state.probes = startProbes({
      ...asked(),
      startedAt,
      tell: host.tell,
      onChange: host.wake,
      onGivenUp(kind, probe) {
        const policy = host.pod().spec.restartPolicy ?? "Always";
        const after = policy === "Never" && role !== "sidecar" ? "" : ", will be restarted";
        const own = probe.terminationGracePeriodSeconds;
        void runner.stop({
          graceMs: own === undefined ? graceOf(host.pod()) : own * 1000,
          message: `Container ${container.name} failed ${kind.toLowerCase()} probe${after}`,
        });
      },
    });
  };
  const runPostStart = async (live: LiveRun): Promise<void> => {
    const hook = container.lifecycle?.postStart;
    const answer = hook && (await askContainer(asked(), hook, HOOK_MS));
    if (state.live?.process !== live.process) return;
    if (answer !== undefined && answer.outcome !== "success") {
      host.tell({
        type: "Warning",
        reason: "FailedPostStartHook",
        message: "PostStartHook failed",
      });
      await runner.stop({ graceMs: graceOf(host.pod()), message: "FailedPostStartHook" });
      return;
    }
    state.hookDone = true;
    watch(clock.now());
    host.wake();
  };
  const begin = async (): Promise<void> => {
    const attempt = state.attempt + 1;
    const run = host.runName(container.name, attempt);
    const launch = host.launch(container, run);
    const log = host.openLog(container.name, attempt);
    host.tell({ reason: "Created", message: "Container created" });
    if (state.ended !== undefined) {
      state.crashes += 1;
      state.restartedAt = clock.now();
    }
    Object.assign(state, { attempt, blocked: undefined, hookDone: false, probes: undefined });
    const startedAt = clock.now();
    try {
      const process = await startProcess({
        launch,
        clock,
        run,
        stdin: container.stdin === true,
      });
      const live = { process, launch, log, startedAt, containerID: `${PROCESS}://${process.pid}` };
      process.onOutput(log.write);
      state.live = live;
      host.onStarted(container.name, process);
      host.tell({ reason: "Started", message: "Container started" });
      void process.ended.then(onExit);
      void runPostStart(live);
    } catch (error) {
      log.close();
      const message = `failed to start ${JSON.stringify(launch.command[0] ?? "")} in ${launch.directory}: ${error instanceof Error ? error.message : String(error)}`;
      host.tell({ type: "Warning", reason: "Failed", message: `Error: ${message}` });
      const ended = { exitCode: NOT_STARTED, reason: "StartError", message, startedAt: 0 };
      rememberEnd({ ...ended, finishedAt: clock.now() });
    }
  };

  const runner: ContainerRunner = {
    container,
    role,
    get live() {
      return state.live;
    },
    facts: () => factsOf(slot, state),
    async start() {
      if (state.live !== undefined) return;
      try {
        await (state.starting = begin());
      } catch (error) {
        if (!(error instanceof LaunchBlocked)) throw error;
        const { reason, message } = error;
        if (state.blocked?.message !== message) {
          host.tell({ type: "Warning", reason: "Failed", message: `Error: ${message}` });
        }
        state.blocked = { reason, message };
      } finally {
        state.starting = undefined;
      }
    },
    stop(options) {
      const { live, starting } = state;
      // A process that is about to run would outlive whoever stops it.
      const stopThen = (): Promise<void> => runner.stop(options);
      if (live === undefined && starting !== undefined) return starting.then(stopThen, stopThen);
      if (live === undefined) return Promise.resolve();
      state.endReason ??= options.reason;
      return (state.stopping ??= stopRun(live, options));
    },
    kill(reason) {
      state.endReason ??= reason;
      state.live?.process.signal("SIGKILL");
    },
    async restart(message) {
      const { live } = state;
      if (live === undefined) return state.ended === undefined ? undefined : forgive(clock.now());
      state.forgiven = true;
      host.tell({ reason: "Killing", message });
      state.probes?.stop();
      await endWithin(live.process, RESTART_GRACE_MS, clock, stopSignal(container));
    },
    resume(status) {
      Object.assign(state, resumedState(host.pod(), slot, status, clock.now()));
    },
  };
  const stopRun = async (live: LiveRun, options: StopOptions): Promise<void> => {
    const { graceMs, message, hooks = true } = options;
    if (message !== undefined) host.tell({ reason: "Killing", message });
    const begunAt = clock.now();
    const hook = hooks ? container.lifecycle?.preStop : undefined;
    if (hook !== undefined && graceMs > 0) {
      const answer = await withTimeout(
        clock,
        graceMs,
        askContainer(asked(), hook, graceMs),
        () => ({
          outcome: "failure" as const,
          message: "timeout",
        }),
      );
      if (answer.outcome !== "success") {
        host.tell({ type: "Warning", reason: "FailedPreStopHook", message: "PreStopHook failed" });
      }
    }
    state.probes?.stop();
    const leftMs = Math.max(GRACE_MIN_MS, graceMs - (clock.now() - begunAt));
    await endWithin(live.process, graceMs === 0 ? 0 : leftMs, clock, stopSignal(container));
  };
  return runner;
}

async function endWithin(
  process: ContainerProcess,
  graceMs: number,
  clock: Clock,
  signal: NodeJS.Signals,
): Promise<void> {
  process.signal(signal);
  const ended = process.ended.then(() => true);
  const hasEnded = await withTimeout(clock, graceMs, ended, () => false);
  if (!hasEnded) process.signal("SIGKILL");
  await ended;
}

/** Longer than any hook may sensibly take; the kubelet sets no limit to postStart. */
const HOOK_MS = 600_000;

export function graceOf({ metadata, spec }: Pod): number {
  const seconds = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return seconds * 1000;
}

function stopSignal({ lifecycle }: Container): NodeJS.Signals {
  // The API server knows the names of signals.
  return (lifecycle?.stopSignal ?? "SIGTERM") as NodeJS.Signals;
}

function factsOf({ container, role }: ContainerSlot, state: RunnerState): ContainerFacts {
  const { live, probes, ended, before, blocked, notBefore, backoffMs } = state;
  const startedUp = state.hookDone && probes?.startedUp === true;
  const running = live && {
    startedAt: live.startedAt,
    containerID: live.containerID,
    startedUp,
    ready: startedUp && probes?.ready === true,
  };
  const restartCount = Math.max(0, state.attempt);
  return { container, role, restartCount, running, ended, before, blocked, notBefore, backoffMs };
}

/** The container begins anew; what has ended for good stays ended. */
function resumedState(
  pod: Pod,
  { role }: ContainerSlot,
  { restartCount, state = {}, lastState = {}, containerID }: ContainerStatus,
  now: InstantMs,
): Partial<RunnerState> {
  const former = endedOf(state, now) ?? endedOf(lastState, now);
  if (former === undefined) return {};
  const id = containerID === undefined ? {} : { containerID };
  const run = { ...former, ...id };
  const goesOn = role !== "main" || restartsAfter(pod, role, run);
  return goesOn
    ? { attempt: restartCount, before: run }
    : { attempt: restartCount, ended: run, notBefore: now };
}

function endedOf(
  { running, terminated }: NonNullable<ContainerStatus["state"]>,
  now: InstantMs,
): EndedRun | undefined {
  if (running !== undefined) {
    return { ...UNSEEN, startedAt: Date.parse(running.startedAt ?? "") || 0, finishedAt: now };
  }
  if (terminated === undefined) return undefined;
  const { exitCode, reason = "Error", message } = terminated;
  return {
    exitCode,
    reason,
    ...(message === undefined ? {} : { message }),
    startedAt: Date.parse(terminated.startedAt ?? "") || 0,
    finishedAt: Date.parse(terminated.finishedAt ?? "") || 0,
  };
}

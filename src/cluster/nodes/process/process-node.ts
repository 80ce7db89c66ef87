// What the kubelet of processes and the streams into them share: the workers, and the record, guard and meter that every process
// is entered into.

import type { Clock } from "../../../core/index.ts";
import type { Pod } from "../../../kubernetes/index.ts";
import { chooseAgent } from "../choose-agent.ts";
import { PROCESS } from "../node-agent.ts";
import type { ContainerUsage } from "../load/pod-usage.ts";
import type { ContainerProcess } from "./container-process.ts";
import { graceOf } from "./container-runner.ts";
import type { ContainerRunner } from "./container-runner.ts";
import { startCrashGuard } from "./crash-guard.ts";
import type { ProcessAgentOptions } from "./local-process.ts";
import { makeSharedFolders } from "./pod-folders.ts";
import type { PodWorker } from "./pod-worker.ts";
import { createUsageMeter } from "./process-usage.ts";
import { endLeftOvers, recordRunningProcesses } from "./running-processes.ts";

export interface ProcessNode {
  readonly options: ProcessAgentOptions;
  /** By uid. */
  readonly workers: Map<string, PodWorker>;
  isOwn(pod: Pod): boolean;
  /** Ends what a former runtime left, before anything is started. */
  start(): Promise<void>;
  /** Resolves when no process runs any more. */
  stop(): Promise<void>;
  onStarted(pod: Pod, container: string, process: ContainerProcess): void;
  onEnded(process: ContainerProcess): void;
  /** A command beside a container's process; returns what to call when it has ended. */
  onCommand(pod: Pod, container: string, pid: number, run: string): () => void;
  runnerOf(pod: Pod, container: string): ContainerRunner | undefined;
  usage(pod: Pod): readonly ContainerUsage[];
}

/** Nobody waits longer for a node that goes down. */
const SHUTDOWN_GRACE_MS = 10_000;

export function createProcessNode(options: ProcessAgentOptions, clock: Clock): ProcessNode {
  const workers = new Map<string, PodWorker>();
  const record = recordRunningProcesses(options.folder);
  const meter = createUsageMeter(clock);
  let guard: ReturnType<typeof startCrashGuard> | undefined;

  const enter = (pod: Pod, container: string, pid: number, run: string): void => {
    const { name, namespace } = pod.metadata;
    record.add({ pid, run, pod: `${namespace}/${name}`, container });
    guard ??= startCrashGuard();
    guard.add(pid);
  };
  const leave = (pid: number): void => {
    record.remove(pid);
    guard?.remove(pid);
  };
  const runnerOf = (pod: Pod, container: string): ContainerRunner | undefined =>
    workers.get(pod.metadata.uid ?? "")?.runners.find((one) => one.container.name === container);
  return {
    options,
    workers,
    runnerOf,
    isOwn: (pod) => chooseAgent(pod, options.find) === PROCESS,
    async start() {
      makeSharedFolders(options.folder);
      for (const left of await endLeftOvers(options.folder, clock)) options.onLeftOver?.(left);
      record.claim();
    },
    async stop() {
      const ends = [...workers.values()].map((worker) =>
        worker.shutDown(Math.min(graceOf(worker.pod), SHUTDOWN_GRACE_MS)),
      );
      await Promise.all(ends);
      meter.stop();
      record.close();
      guard?.close();
      guard = undefined;
    },
    onStarted(pod, container, process) {
      enter(pod, container, process.pid, process.run);
      const runner = runnerOf(pod, container);
      if (runner === undefined) return;
      meter.add({
        container: runner.container,
        pid: process.pid,
        startedAt: clock.now(),
        onOutOfMemory: () => runner.kill("OOMKilled"),
      });
    },
    onEnded({ pid }) {
      leave(pid);
      meter.remove(pid);
    },
    onCommand(pod, container, pid, run) {
      enter(pod, container, pid, run);
      return () => leave(pid);
    },
    usage: (pod) =>
      (workers.get(pod.metadata.uid ?? "")?.runners ?? []).flatMap(({ live }) =>
        live === undefined ? [] : (meter.usageOf(live.process.pid) ?? []),
      ),
  };
}

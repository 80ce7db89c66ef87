// `kubectl logs` of containers that are processes: what was kept of the run asked for, then every line as it is written.

import type { Clock } from "../../../core/index.ts";
import type { Pod } from "../../../kubernetes/index.ts";
import type { LogOptions } from "../../api/index.ts";
import { formatLog, logPeriod } from "../container-log.ts";
import type { LogLine } from "../container-log.ts";
import type { LiveRun } from "./container-runner.ts";
import { readLogFile } from "./log-file.ts";
import type { PodFolders } from "./pod-folders.ts";

export interface ProcessLogSource {
  readonly clock: Clock;
  readonly folders: PodFolders;
  /** The run that writes now. */
  live(container: string): LiveRun | undefined;
}

export async function writeProcessLog(
  { clock, folders, live }: ProcessLogSource,
  pod: Pod,
  options: LogOptions,
  onChunk: (text: string) => void,
  stopped: AbortSignal,
): Promise<void> {
  const container = options.container ?? pod.spec.containers[0]?.name ?? "";
  const { attempt } = logPeriod(pod, options);
  const path = folders.log(container, attempt);
  const run = live(container);
  // Reading and listening happen in one turn: no line is lost between them, none is told twice.
  onChunk(formatLog(readLogFile(path), options, clock.now()));
  if (!options.follow || run?.log.path !== path) return;
  const plain = {
    ...options,
    tailLines: undefined,
    sinceSeconds: undefined,
    limitBytes: undefined,
  };
  const quiet = run.log.onLine((line: LogLine) => onChunk(formatLog([line], plain, line.at)));
  await endOf(run, stopped);
  quiet();
}

/** Of the run, or of the interest in it. */
export function endOf({ process }: LiveRun, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.aborted) return resolve();
    stopped.addEventListener("abort", () => resolve(), { once: true });
    void process.ended.then(() => resolve());
  });
}

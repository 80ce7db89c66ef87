// The log of a container that runs no process: a line that says so for every start, and, when the annotation
// `simulation.keelson.dev/log: 10s` asks for it, a numbered line that often. Computed when read; nothing is kept.

import { parseDuration } from "../../core/index.ts";
import type { Clock, InstantMs } from "../../core/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { LogOptions } from "../api/index.ts";
import { formatLog, hasEnded, logPeriod } from "./container-log.ts";
import type { LogLine } from "./container-log.ts";
import { annotationOf } from "./simulation-annotations.ts";

/** Every line of a period up to `now`, oldest first. */
export function logLines(
  pod: Pod,
  container: string,
  period: ReturnType<typeof logPeriod>,
  now: InstantMs,
): readonly LogLine[] {
  const { name, namespace } = pod.metadata;
  const first = `simulated: container ${container} of pod ${namespace}/${name} runs no process on ${pod.spec.nodeName ?? "no node"}; this line stands for its log`;
  const lines: LogLine[] = [{ at: period.from, text: first }];
  const everyMs = lineIntervalOf(pod);
  const end = Math.min(now, period.to ?? now);
  if (everyMs === undefined) return lines;
  const from = Math.max(1, Math.floor((end - period.from) / everyMs) - LINES_MAX);
  for (let index = from; period.from + index * everyMs <= end; index += 1) {
    lines.push({
      at: period.from + index * everyMs,
      text: `simulated: ${container} line ${index}`,
    });
  }
  return lines;
}

/** What a kubelet keeps of a log is limited as well (`containerLogMaxSize`). */
const LINES_MAX = 10_000;
const LINE_INTERVAL_MIN_MS = 100;

export function lineIntervalOf(pod: Pod): number | undefined {
  const everyMs = parseDuration(annotationOf(pod, "log") ?? "");
  return everyMs === undefined || everyMs <= 0
    ? undefined
    : Math.max(everyMs, LINE_INTERVAL_MIN_MS);
}

export interface LogSource {
  readonly clock: Clock | undefined;
  /** The pod as it is now; undefined when it is gone. */
  current(pod: Pod): Pod | undefined;
}

/** How often a followed log is looked at. */
const FOLLOW_MS = 1_000;

export async function writeLog(
  source: LogSource,
  pod: Pod,
  options: LogOptions,
  onChunk: (text: string) => void,
  stopped: AbortSignal,
): Promise<void> {
  const container = options.container ?? pod.spec.containers[0]?.name ?? "";
  const period = logPeriod(pod, options);
  const { clock } = source;
  let told = clock?.now() ?? period.from;
  onChunk(formatLog(logLines(pod, container, period, told), options, told));
  if (!options.follow || clock === undefined) return;
  for (;;) {
    await clock.sleep(FOLLOW_MS);
    const current = source.current(pod);
    if (stopped.aborted || current === undefined) return;
    const now = clock.now();
    const after = logLines(current, container, period, now).filter(({ at }) => at > told);
    if (after.length > 0)
      onChunk(formatLog(after, { ...options, tailLines: undefined, sinceSeconds: undefined }, now));
    told = now;
    if (hasEnded(current, container, period.attempt)) return;
  }
}

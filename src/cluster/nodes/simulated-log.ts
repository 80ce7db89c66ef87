// The log of a container that runs no process: a line that says so for every start, and, when the annotation
// `simulation.keelson.dev/log: 10s` asks for it, a numbered line that often. Computed when read; nothing is kept.
// Refusals are worded as in pkg/kubelet/kubelet_pods.go (validateContainerLogStatus).

import { formatInstant, parseDuration } from "../../core/index.ts";
import type { Clock, InstantMs } from "../../core/index.ts";
import { statusError } from "../../kubernetes/index.ts";
import type { ContainerState, ContainerStatus, Pod } from "../../kubernetes/index.ts";
import type { LogOptions } from "../api/index.ts";
import { annotationOf } from "./simulation-annotations.ts";

export interface LogLine {
  readonly at: InstantMs;
  readonly text: string;
}

/** When the attempt asked for ran; throws 400 when it did not. */
export function logPeriod(
  pod: Pod,
  { container, previous }: Pick<LogOptions, "container" | "previous">,
): { readonly from: InstantMs; readonly to: InstantMs | undefined; readonly attempt: number } {
  const name = container ?? pod.spec.containers[0]?.name ?? "";
  const status = statusesOf(pod).find((one) => one.name === name);
  const where = `container ${JSON.stringify(name)} in pod ${JSON.stringify(pod.metadata.name)}`;
  if (status === undefined) throw refusal(`${where} is not available`);
  const { state = {}, lastState = {}, restartCount } = status;
  if (previous) {
    if (lastState.terminated === undefined) throw refusal(`previous terminated ${where} not found`);
    return { ...periodOf(lastState), attempt: restartCount - 1 };
  }
  if (state.running !== undefined || state.terminated !== undefined) {
    return { ...periodOf(state), attempt: restartCount };
  }
  if (lastState.terminated !== undefined) return { ...periodOf(lastState), attempt: restartCount };
  throw refusal(`${where} is waiting to start${waitingFor(status)}`);
}

function statusesOf({ status }: Pod): readonly ContainerStatus[] {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {};
  return [
    ...initContainerStatuses,
    ...containerStatuses,
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
}

function periodOf({ running, terminated }: ContainerState) {
  const { startedAt = "", finishedAt } = terminated ?? { ...running, finishedAt: undefined };
  return {
    from: Date.parse(startedAt) || 0,
    to: finishedAt === undefined ? undefined : Date.parse(finishedAt),
  };
}

function waitingFor({ state }: ContainerStatus): string {
  const reason = state?.waiting?.reason;
  if (reason === undefined) return " - no logs yet";
  if (reason === "ErrImagePull") return ": image can't be pulled";
  if (reason === "ImagePullBackOff") return ": trying and failing to pull image";
  return `: ${reason}`;
}

function refusal(message: string): Error {
  return statusError("BadRequest", message);
}

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

/** The lines a client asked for, as text. */
export function formatLog(lines: readonly LogLine[], options: LogOptions, now: InstantMs): string {
  const { sinceSeconds, tailLines, timestamps, limitBytes } = options;
  const since = sinceSeconds === undefined ? Number.NEGATIVE_INFINITY : now - sinceSeconds * 1000;
  const recent = lines.filter(({ at }) => at >= since);
  const tail = tailLines === undefined ? recent : tailLines === 0 ? [] : recent.slice(-tailLines);
  const text = tail
    .map(({ at, text: line }) => `${timestamps ? `${nanoseconds(at)} ` : ""}${line}\n`)
    .join("");
  return limitBytes === undefined ? text : Buffer.from(text).subarray(0, limitBytes).toString();
}

/** RFC 3339 with nine digits, as the container runtime stamps lines. */
function nanoseconds(at: InstantMs): string {
  return `${formatInstant(at).slice(0, -1)}.${String(at % 1000).padStart(3, "0")}000000Z`;
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

function hasEnded(pod: Pod, container: string, attempt: number): boolean {
  const status = statusesOf(pod).find(({ name }) => name === container);
  return (
    status === undefined || status.restartCount !== attempt || status.state?.running === undefined
  );
}

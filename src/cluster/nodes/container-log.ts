// Which run of a container a log is asked of, and the lines of it a client asked for. Whoever runs the container has the
// lines. Refusals are worded as in pkg/kubelet/kubelet_pods.go (validateContainerLogStatus).

import { formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import { statusError } from "../../kubernetes/index.ts";
import type { ContainerState, ContainerStatus, Pod } from "../../kubernetes/index.ts";
import type { LogOptions } from "../api/index.ts";

export interface LogLine {
  readonly at: InstantMs;
  readonly text: string;
  /** The line goes on in the next one. */
  readonly isPart?: boolean;
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

export function statusesOf({ status }: Pod): readonly ContainerStatus[] {
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

/** The lines a client asked for, as text. */
export function formatLog(lines: readonly LogLine[], options: LogOptions, now: InstantMs): string {
  const { sinceSeconds, tailLines, timestamps, limitBytes } = options;
  const since = sinceSeconds === undefined ? Number.NEGATIVE_INFINITY : now - sinceSeconds * 1000;
  const recent = lines.filter(({ at }) => at >= since);
  const tail = tailLines === undefined ? recent : tailLines === 0 ? [] : recent.slice(-tailLines);
  const text = tail
    .map(
      ({ at, text: line, isPart }) =>
        `${timestamps ? `${nanoseconds(at)} ` : ""}${line}${isPart === true ? "" : "\n"}`,
    )
    .join("");
  return limitBytes === undefined ? text : Buffer.from(text).subarray(0, limitBytes).toString();
}

/** RFC 3339 with nine digits, as the container runtime stamps lines. */
export function nanoseconds(at: InstantMs): string {
  return `${formatInstant(at).slice(0, -1)}.${String(at % 1000).padStart(3, "0")}000000Z`;
}

/** The attempt no longer runs, or another one does. */
export function hasEnded(pod: Pod, container: string, attempt: number): boolean {
  const status = statusesOf(pod).find(({ name }) => name === container);
  return (
    status === undefined || status.restartCount !== attempt || status.state?.running === undefined
  );
}

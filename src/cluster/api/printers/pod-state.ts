// The one line a pod is summed up in: ready containers, a reason, restarts. A state machine over container statuses.
// Mirrors printPod in kubernetes v1.36.2 pkg/printers/internalversion/printers.go.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../validation/fields.ts";
import type { Scope } from "./cell-text.ts";
import { elapsed } from "./column.ts";

export interface PodState {
  /** `Running`, `Init:1/2`, `CrashLoopBackOff`, `Terminating` … */
  readonly reason: string;
  readonly readyCount: number;
  readonly containerCount: number;
  readonly restarts: number;
  /** When a container last ended before a restart; 0 for never. */
  readonly lastRestart: number;
}

interface Tally {
  readyCount: number;
  restarts: number;
  lastRestart: number;
}

export function podState(pod: KubernetesObject): PodState {
  const spec = recordAt(pod, "spec");
  const status = recordAt(pod, "status");
  const sidecars = new Set(recordsAt(spec, "initContainers").filter(isSidecar).map(nameOf));
  const tally: Tally = { readyCount: 0, restarts: 0, lastRestart: 0 };
  let reason = baseReason(status);
  const initReason = initState(spec, status, sidecars, tally);
  if (initReason !== undefined) reason = initReason;
  if (initReason === undefined || isTrue(status, "Initialized")) {
    countSidecarRestarts(status, sidecars, tally);
    reason = mainState(status, reason, tally);
  }
  return {
    ...tally,
    reason: deletionReason(pod, status) ?? reason,
    containerCount: recordsAt(spec, "containers").length + sidecars.size,
  };
}

/** `3` or `3 (5m ago)`. */
export function restartsText({ restarts, lastRestart }: PodState, now: number): string {
  if (restarts === 0 || lastRestart === 0) return String(restarts);
  return `${restarts} (${elapsed(new Date(lastRestart).toISOString(), now)} ago)`;
}

function baseReason(status: Scope): string {
  const gated = recordsAt(status, "conditions").some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  if (gated) return "SchedulingGated";
  return textAt(status, "reason") || textAt(status, "phase");
}

/** What the pod is waiting for before its main containers start; undefined when it has passed. */
function initState(
  spec: Scope,
  status: Scope,
  sidecars: ReadonlySet<string>,
  tally: Tally,
): string | undefined {
  const count = recordsAt(spec, "initContainers").length;
  for (const [index, container] of recordsAt(status, "initContainerStatuses").entries()) {
    countRestarts(container, tally);
    const { terminated, waiting } = stateOf(container);
    if (terminated !== undefined && (numberAt(terminated, "exitCode") ?? 0) === 0) continue;
    if (sidecars.has(nameOf(container)) && container["started"] === true) {
      if (container["ready"] === true) tally.readyCount += 1;
      continue;
    }
    if (terminated !== undefined) return `Init:${endedReason(terminated)}`;
    const why = waiting === undefined ? "" : textAt(waiting, "reason");
    return why !== "" && why !== "PodInitializing" ? `Init:${why}` : `Init:${index}/${count}`;
  }
  return undefined;
}

/** Once main containers run, restarts of plain init containers no longer count. */
function countSidecarRestarts(status: Scope, sidecars: ReadonlySet<string>, tally: Tally): void {
  tally.restarts = 0;
  tally.lastRestart = 0;
  for (const container of recordsAt(status, "initContainerStatuses")) {
    if (sidecars.has(nameOf(container))) countRestarts(container, tally);
  }
}

/** The first container with something to say wins, so they are read from the last. */
function mainState(status: Scope, before: string, tally: Tally): string {
  let reason = before;
  let hasRunning = false;
  for (const container of recordsAt(status, "containerStatuses").toReversed()) {
    countRestarts(container, tally);
    const { waiting, terminated, running } = stateOf(container);
    const why = waiting === undefined ? "" : textAt(waiting, "reason");
    if (why !== "") reason = why;
    else if (terminated !== undefined) reason = endedReason(terminated);
    else if (container["ready"] === true && running !== undefined) {
      hasRunning = true;
      tally.readyCount += 1;
    }
  }
  if (reason !== "Completed" || !hasRunning) return reason;
  return isTrue(status, "Ready") ? "Running" : "NotReady";
}

function deletionReason({ metadata }: KubernetesObject, status: Scope): string | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  if (textAt(status, "reason") === "NodeLost") return "Unknown";
  const phase = textAt(status, "phase");
  return phase === "Succeeded" || phase === "Failed" ? undefined : "Terminating";
}

function endedReason(terminated: Scope): string {
  const reason = textAt(terminated, "reason");
  if (reason !== "") return reason;
  const signal = numberAt(terminated, "signal") ?? 0;
  return signal === 0 ? `ExitCode:${numberAt(terminated, "exitCode") ?? 0}` : `Signal:${signal}`;
}

function countRestarts(container: Scope, tally: Tally): void {
  tally.restarts += numberAt(container, "restartCount") ?? 0;
  const { terminated } = partsOf(recordAt(container, "lastState"));
  const ended = terminated === undefined ? 0 : Date.parse(textAt(terminated, "finishedAt"));
  if (ended > tally.lastRestart) tally.lastRestart = ended;
}

interface StateParts {
  readonly waiting: Scope | undefined;
  readonly running: Scope | undefined;
  readonly terminated: Scope | undefined;
}

function stateOf(container: Scope): StateParts {
  return partsOf(recordAt(container, "state"));
}

function partsOf(state: Scope): StateParts {
  const part = (name: string): Scope | undefined =>
    state[name] === undefined || state[name] === null ? undefined : recordAt(state, name);
  return { waiting: part("waiting"), running: part("running"), terminated: part("terminated") };
}

function isTrue(status: Scope, type: string): boolean {
  return recordsAt(status, "conditions").some(
    (one) => one["type"] === type && one["status"] === "True",
  );
}

function isSidecar(container: Scope): boolean {
  return container["restartPolicy"] === "Always";
}

function nameOf(container: Scope): string {
  return textAt(container, "name");
}

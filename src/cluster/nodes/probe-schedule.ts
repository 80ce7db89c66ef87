// When a container's probes succeed and fail. Nothing is asked: a simulated container answers from a moment on, or until
// one, as its pod's annotations say, and the probes find out at their own times. Pure. Mirrors pkg/kubelet/prober/worker.go.

import type { InstantMs } from "../../core/index.ts";
import type { Container, Probe } from "../../kubernetes/index.ts";

const DEFAULT_PERIOD_S = 10;
const DEFAULT_FAILURES = 3;

function periodMs({ periodSeconds = DEFAULT_PERIOD_S }: Probe): number {
  return Math.max(1, periodSeconds) * 1000;
}

/** The first probe at or after `from`, of those that begin with `begun`. */
function probeAt(probe: Probe, begun: InstantMs, from: InstantMs): InstantMs {
  const first = begun + (probe.initialDelaySeconds ?? 0) * 1000;
  if (from <= first) return first;
  return first + Math.ceil((from - first) / periodMs(probe)) * periodMs(probe);
}

/** When the probe has succeeded often enough, for a container that answers from `able` on. */
export function succeedsAt(probe: Probe, begun: InstantMs, able: InstantMs): InstantMs {
  const more = Math.max(1, probe.successThreshold ?? 1) - 1;
  return probeAt(probe, begun, able) + more * periodMs(probe);
}

/** When the probe has failed often enough, for a container that does not answer from `unable` on. */
export function failsAt(probe: Probe, begun: InstantMs, unable: InstantMs): InstantMs {
  const more = Math.max(1, probe.failureThreshold ?? DEFAULT_FAILURES) - 1;
  return probeAt(probe, begun, unable) + more * periodMs(probe);
}

export interface ContainerTimes {
  readonly startedAt: InstantMs;
  /** Answers from then on. */
  readonly ableAt: InstantMs;
}

/** When the container counts as started: at once without a startup probe. */
export function startedUpAt({ startupProbe }: Container, times: ContainerTimes): InstantMs {
  return startupProbe === undefined
    ? times.startedAt
    : succeedsAt(startupProbe, times.startedAt, times.ableAt);
}

/** When the startup probe gives up; undefined when the container answers in time. */
export function startupFailsAt(container: Container, times: ContainerTimes): InstantMs | undefined {
  const { startupProbe } = container;
  if (startupProbe === undefined) return undefined;
  const failed = failsAt(startupProbe, times.startedAt, times.startedAt);
  return failed < startedUpAt(container, times) ? failed : undefined;
}

/** The other probes begin when the container has started up. */
export function readyAt(container: Container, times: ContainerTimes): InstantMs {
  const begun = startedUpAt(container, times);
  const { readinessProbe } = container;
  return readinessProbe === undefined ? begun : succeedsAt(readinessProbe, begun, times.ableAt);
}

export function unreadyAt(
  container: Container,
  times: ContainerTimes,
  unableAt: InstantMs | undefined,
): InstantMs | undefined {
  const { readinessProbe } = container;
  if (readinessProbe === undefined || unableAt === undefined) return undefined;
  return failsAt(readinessProbe, startedUpAt(container, times), unableAt);
}

export function livenessFailsAt(
  container: Container,
  times: ContainerTimes,
  unableAt: InstantMs | undefined,
): InstantMs | undefined {
  const { livenessProbe } = container;
  if (livenessProbe === undefined || unableAt === undefined) return undefined;
  return failsAt(livenessProbe, startedUpAt(container, times), unableAt);
}

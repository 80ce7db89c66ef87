// When something happens to running containers by itself: readiness comes and goes, a probe kills, memory runs out. Pure:
// everything follows from the pod, its annotations and when its containers started.

import { firstAbove, type InstantMs } from "../../core/index.ts";
import { podCondition } from "../../kubernetes/index.ts";
import type { Container, Pod } from "../../kubernetes/index.ts";
import { amount, declaredLoad, loadStart, runningContainers, shareOf } from "./load/pod-usage.ts";
import { livenessFailsAt, readyAt, startupFailsAt, unreadyAt } from "./probe-schedule.ts";
import type { ContainerTimes } from "./probe-schedule.ts";
import type { ProbeKind } from "./stage-events.ts";
import type { Simulation } from "./simulation-annotations.ts";

interface Timed {
  readonly container: Container;
  readonly times: ContainerTimes;
}

function mainContainers(
  pod: Pod,
  { readyAfterMs }: Pick<Simulation, "readyAfterMs">,
): readonly Timed[] {
  const found: Timed[] = [];
  for (const container of pod.spec.containers) {
    const status = pod.status?.containerStatuses?.find(({ name }) => name === container.name);
    const running = status?.state?.running;
    if (running === undefined) continue;
    const startedAt = Date.parse(running.startedAt ?? pod.status?.startTime ?? "") || 0;
    found.push({ container, times: { startedAt, ableAt: startedAt + readyAfterMs } });
  }
  return found;
}

/** When all containers are ready; undefined while one of them does not answer any more. */
export function readinessAt(pod: Pod, simulation: Simulation): InstantMs | undefined {
  const timed = mainContainers(pod, simulation);
  let ready = 0;
  for (const { container, times } of timed) ready = Math.max(ready, readyAt(container, times));
  const unready = unreadinessOf(timed, simulation);
  if (unready === undefined) return ready;
  const changedAt = Date.parse(podCondition(pod, "Ready")?.lastTransitionTime ?? "") || 0;
  return ready >= unready || changedAt >= unready ? undefined : ready;
}

export function unreadinessAt(pod: Pod, simulation: Simulation): InstantMs | undefined {
  if (simulation.unreadyAfterMs === undefined) return undefined;
  return unreadinessOf(mainContainers(pod, simulation), simulation);
}

function unreadinessOf(
  timed: readonly Timed[],
  { unreadyAfterMs }: Simulation,
): InstantMs | undefined {
  if (unreadyAfterMs === undefined) return undefined;
  return earliest(
    timed.map(({ container, times }) =>
      unreadyAt(container, times, times.startedAt + unreadyAfterMs),
    ),
  );
}

export interface Killing {
  readonly at: InstantMs;
  readonly names: readonly string[];
}

/** When a startup or liveness probe gives up, and on which containers. */
export function killedAt(
  pod: Pod,
  simulation: Simulation,
): (Killing & { readonly probe: ProbeKind }) | undefined {
  const { livenessFailsAfterMs, readyAfterMs } = simulation;
  if (livenessFailsAfterMs === undefined && readyAfterMs === 0) return undefined;
  const timed = mainContainers(pod, simulation);
  const startup = timed.map(({ container, times }) => startupFailsAt(container, times));
  const liveness = timed.map(({ container, times }) =>
    livenessFailsAfterMs === undefined
      ? undefined
      : livenessFailsAt(container, times, times.startedAt + livenessFailsAfterMs),
  );
  const at = earliest([...startup, ...liveness]);
  if (at === undefined) return undefined;
  const names = timed
    .filter((_, index) => startup[index] === at || liveness[index] === at)
    .map(({ container }) => container.name);
  return { at, names, probe: startup.includes(at) ? "Startup" : "Liveness" };
}

/** A second of growth, so that a container that is too small is seen running first. */
const GROWTH_MS = 1_000;

/** When declared memory first goes over a container's limit. */
export function outOfMemoryAt(pod: Pod): Killing | undefined {
  if (pod.metadata.annotations === undefined) return undefined;
  const running = runningContainers(pod);
  const since = loadStart(pod);
  const times = running.map(({ container, status }) => {
    const limit = amount(container.resources?.limits?.["memory"]);
    const load = declaredLoad(pod, container, "memory");
    if (limit === undefined || load === undefined) return undefined;
    const share = load.of === "pod" ? shareOf(container, running, "memory") : 1;
    const startedAt = Date.parse(status.state?.running?.startedAt ?? "") || 0;
    return firstAbove(load.profile, limit / share, { from: startedAt + GROWTH_MS, since });
  });
  const at = earliest(times);
  if (at === undefined) return undefined;
  const names = running
    .filter((_, index) => times[index] === at)
    .map(({ container }) => container.name);
  return { at, names };
}

function earliest(instants: readonly (InstantMs | undefined)[]): InstantMs | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

// What to do next with the containers of a pod: init containers one after the other, sidecars beside them, then the others at
// once; what ended is started again as the pod says. Pure. Mirrors pkg/kubelet/kuberuntime (computePodActions).

import type { InstantMs } from "../../../core/index.ts";
import type { Pod } from "../../../kubernetes/index.ts";
import { restartsAfter } from "./container-facts.ts";
import type { ContainerFacts } from "./container-facts.ts";

export interface ContainerPlan {
  /** Names to start now. */
  readonly start: readonly string[];
  /** When the next back-off is over. */
  readonly wakeAt?: InstantMs;
  /** Nothing will run again: sidecars are stopped. */
  readonly isFinished: boolean;
}

export function planContainers(
  pod: Pod,
  containers: readonly ContainerFacts[],
  now: InstantMs,
): ContainerPlan {
  const mains = containers.filter(({ role }) => role === "main");
  const before = containers.filter(({ role }) => role !== "main");
  const failed = before.some((one) => one.role === "init" && isOver(pod, one) && !succeeded(one));
  if (failed || mains.every((one) => isOver(pod, one))) return { start: [], isFinished: true };
  const hasBegun = mains.some(({ running, ended }) => running !== undefined || ended !== undefined);
  const wanted = hasBegun
    ? containers.filter(({ role }) => role !== "init")
    : wantedInOrder(before, mains);
  return startable(pod, wanted, now);
}

/** It has ended and stays so. */
function isOver(pod: Pod, { running, ended, role }: ContainerFacts): boolean {
  return running === undefined && ended !== undefined && !restartsAfter(pod, role, ended);
}

function succeeded({ running, ended }: ContainerFacts): boolean {
  return running === undefined && ended?.exitCode === 0;
}

/** Everything up to the first that others have to wait for. */
function wantedInOrder(
  before: readonly ContainerFacts[],
  mains: readonly ContainerFacts[],
): readonly ContainerFacts[] {
  const wanted: ContainerFacts[] = [];
  for (const one of before) {
    if (one.role === "init" && succeeded(one)) continue;
    wanted.push(one);
    const isThrough = one.role === "sidecar" && one.running?.startedUp === true;
    if (!isThrough) return wanted;
  }
  return [...wanted, ...mains];
}

function startable(pod: Pod, wanted: readonly ContainerFacts[], now: InstantMs): ContainerPlan {
  const idle = wanted.filter(
    ({ running, ended, role }) =>
      running === undefined && (ended === undefined || restartsAfter(pod, role, ended)),
  );
  const isDue = ({ notBefore = now }: ContainerFacts): boolean => notBefore <= now;
  const waits = idle.filter((one) => !isDue(one)).map(({ notBefore = now }) => notBefore);
  const start = idle.filter(isDue).map(({ container }) => container.name);
  return {
    start,
    isFinished: false,
    ...(waits.length === 0 ? {} : { wakeAt: Math.min(...waits) }),
  };
}

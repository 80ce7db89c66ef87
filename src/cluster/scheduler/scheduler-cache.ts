// The scheduler's own view: pods count on a node from the moment they are assumed there, before the binding comes
// back. Mirrors pkg/scheduler/backend/cache/cache.go.

import type { Timer } from "../../core/index.ts";
import { createSchedulingState } from "../../kubernetes/index.ts";
import type { Pod, SchedulingState } from "../../kubernetes/index.ts";

/** A pod whose node is chosen and whose volumes are being made there. */
export interface WaitingPod {
  readonly pod: Pod;
  readonly nodeName: string;
  readonly timer: Timer;
}

export interface SchedulerCache {
  readonly state: SchedulingState;
  /** Notes the node that a pending pod has been promised by preemption; none takes the note back. */
  nominate(pod: Pod, nodeName: string | undefined): void;
  /** Pending pods that have been promised the node; undefined when nobody has been promised any. */
  readonly nominated: ((nodeName: string) => readonly Pod[]) | undefined;
  assume(pod: Pod, nodeName: string): void;
  isAssumed(uid: string): boolean;
  /** The API says where the pod is; `new` when it was neither assumed nor known there. */
  confirm(pod: Pod, nodeName: string): "new" | "known";
  /** `freed` when the pod held a place. */
  forget(uid: string): "freed" | "unknown";
  waitForVolumes(waiting: WaitingPod): void;
  waiting(): readonly WaitingPod[];
  /** False when the pod was not waiting. */
  stopWaiting(uid: string): boolean;
}

export function createSchedulerCache(): SchedulerCache {
  const state = createSchedulingState();
  const assumed = new Set<string>();
  const waiting = new Map<string, WaitingPod>();
  const promises = new Map<string, { readonly pod: Pod; readonly nodeName: string }>();
  const nominated = (nodeName: string): readonly Pod[] =>
    [...promises.values()].flatMap((one) => (one.nodeName === nodeName ? [one.pod] : []));
  return {
    state,
    nominate(pod, nodeName) {
      const uid = pod.metadata.uid ?? "";
      if (nodeName === undefined) promises.delete(uid);
      else promises.set(uid, { pod, nodeName });
    },
    get nominated() {
      return promises.size === 0 ? undefined : nominated;
    },
    assume(pod, nodeName) {
      assumed.add(pod.metadata.uid ?? "");
      state.setPod(pod, nodeName);
    },
    isAssumed: (uid) => assumed.has(uid),
    confirm(pod, nodeName) {
      const uid = pod.metadata.uid ?? "";
      assumed.delete(uid);
      const before = state.nodeNameOf(uid);
      state.setPod(pod, nodeName);
      return before === nodeName ? "known" : "new";
    },
    forget(uid) {
      assumed.delete(uid);
      waiting.get(uid)?.timer.cancel();
      waiting.delete(uid);
      const held = state.nodeNameOf(uid) !== undefined;
      state.removePod(uid);
      return held ? "freed" : "unknown";
    },
    waitForVolumes: (entry) => void waiting.set(entry.pod.metadata.uid ?? "", entry),
    waiting: () => [...waiting.values()],
    stopWaiting: (uid) => waiting.delete(uid),
  };
}

// Pods waiting for a node: those to try now, by priority and then by age, and those that did not fit, which wait
// for a change that may help. Mirrors pkg/scheduler/backend/queue/scheduling_queue.go: back-off 1 s doubling to 10 s,
// and after 5 minutes another try in any case.

import type { Clock, InstantMs, Timer } from "../../core/index.ts";
import type { Pod } from "../../kubernetes/index.ts";

/** What happened in the cluster, as far as a pod that did not fit may care. */
export type ClusterChange = "node" | "pod-removed" | "pod-added" | "volume";

export interface SchedulingQueue {
  /** Adds or takes over the newer state; a waiting pod keeps waiting, with `wake` for its back-off only. */
  add(pod: Pod, options?: { readonly wake?: boolean }): void;
  remove(uid: string): void;
  /** The next pod to try; it is in nobody's hands but the caller's afterwards. */
  pop(): Pod | undefined;
  /** Puts back a pod that did not fit; `helpedBy` are the changes worth another try. */
  park(pod: Pod, helpedBy: ReadonlySet<ClusterChange>): void;
  /** Puts back a pod whose binding failed: tried again after its back-off. */
  retry(pod: Pod): void;
  wake(change: ClusterChange): void;
  readonly size: number;
}

interface Waiting {
  pod: Pod;
  attempts: number;
  readonly parkedAt: InstantMs;
  readonly helpedBy: ReadonlySet<ClusterChange>;
  timer: Timer | undefined;
}

const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MAX_MS = 10_000;
const PARKED_MAX_MS = 300_000;

/** `onReady` is called when there is something to pop. */
export function createSchedulingQueue(clock: Clock, onReady: () => void): SchedulingQueue {
  const active = createPriorityQueue();
  const parked = new Map<string, Waiting>();
  const attempts = new Map<string, number>();

  const activate = (pod: Pod): void => {
    const uid = uidOf(pod);
    parked.get(uid)?.timer?.cancel();
    parked.delete(uid);
    active.push(pod);
    onReady();
  };
  const activateAfter = (waiting: Waiting, delayMs: number): void => {
    waiting.timer?.cancel();
    if (delayMs <= 0) activate(waiting.pod);
    else waiting.timer = clock.setTimer(delayMs, () => activate(waiting.pod));
  };
  const backoffEnd = ({ parkedAt, attempts: tries }: Waiting): InstantMs =>
    parkedAt + Math.min(BACKOFF_FIRST_MS * 2 ** (tries - 1), BACKOFF_MAX_MS);
  const put = (pod: Pod, helpedBy: ReadonlySet<ClusterChange>): Waiting => {
    const uid = uidOf(pod);
    const tries = (attempts.get(uid) ?? 0) + 1;
    attempts.set(uid, tries);
    const waiting: Waiting = {
      pod,
      attempts: tries,
      parkedAt: clock.now(),
      helpedBy,
      timer: undefined,
    };
    parked.set(uid, waiting);
    return waiting;
  };

  return {
    get size() {
      return active.size + parked.size;
    },
    add(pod, { wake = false } = {}) {
      const waiting = parked.get(uidOf(pod));
      if (waiting === undefined) return activate(pod);
      waiting.pod = pod;
      if (wake) activateAfter(waiting, backoffEnd(waiting) - clock.now());
    },
    remove(uid) {
      parked.get(uid)?.timer?.cancel();
      parked.delete(uid);
      attempts.delete(uid);
      active.remove(uid);
    },
    pop: () => active.pop(),
    park(pod, helpedBy) {
      activateAfter(put(pod, helpedBy), PARKED_MAX_MS);
    },
    retry(pod) {
      const waiting = put(pod, new Set());
      activateAfter(waiting, backoffEnd(waiting) - clock.now());
    },
    wake(change) {
      for (const waiting of parked.values()) {
        if (!waiting.helpedBy.has(change)) continue;
        activateAfter(waiting, backoffEnd(waiting) - clock.now());
      }
    },
  };
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid ?? "";
}

interface PriorityQueue {
  readonly size: number;
  push(pod: Pod): void;
  pop(): Pod | undefined;
  remove(uid: string): void;
}

/** One first-in-first-out lane per priority: clusters have few distinct priorities and many pods. */
function createPriorityQueue(): PriorityQueue {
  const lanes = new Map<number, Map<string, Pod>>();
  const laneOf = new Map<string, number>();
  const remove = (uid: string): void => {
    const priority = laneOf.get(uid);
    if (priority === undefined) return;
    laneOf.delete(uid);
    const lane = lanes.get(priority);
    if (lane?.delete(uid) && lane.size === 0) lanes.delete(priority);
  };
  return {
    get size() {
      return laneOf.size;
    },
    push(pod) {
      const uid = uidOf(pod);
      const priority = pod.spec.priority ?? 0;
      if (laneOf.get(uid) !== priority) remove(uid);
      const lane = lanes.get(priority) ?? new Map<string, Pod>();
      lanes.set(priority, lane.set(uid, pod));
      laneOf.set(uid, priority);
    },
    pop() {
      if (laneOf.size === 0) return undefined;
      const lane = lanes.get(Math.max(...lanes.keys()));
      const first = lane?.entries().next().value;
      if (first === undefined) return undefined;
      remove(first[0]);
      return first[1];
    },
    remove,
  };
}

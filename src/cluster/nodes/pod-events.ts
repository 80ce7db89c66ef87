// What the simulated kubelet tells of its pods.

import { createEventRecorder, informerOf, NODE } from "../../kubernetes/index.ts";
import type { ControllerContext, Pod } from "../../kubernetes/index.ts";
import type { StageEvent } from "./stage-events.ts";

export interface PodEvents {
  tell(pod: Pod, event: StageEvent): void;
  tellAll(pod: Pod, events: readonly StageEvent[]): void;
}

/** In larger ones the events of every start would be most of what is written. */
const SMALL_CLUSTER_NODES = 20;

/** `which` is everything, or only trouble; by default the size of the cluster decides. */
export function createPodEvents(
  context: ControllerContext,
  which: "all" | "warnings" | undefined,
): PodEvents {
  const nodes = informerOf(context, NODE);
  const events = createEventRecorder(context);
  const tellsEverything = (): boolean =>
    which === undefined ? nodes.list().length <= SMALL_CLUSTER_NODES : which === "all";
  const tell = (pod: Pod, event: StageEvent): void => {
    if (event.type === undefined && !tellsEverything()) return;
    const source = { component: "kubelet", host: pod.spec.nodeName };
    events.record(source, pod, { ...event, type: event.type ?? "Normal" });
  };
  return {
    tell,
    tellAll(pod, all) {
      for (const event of all) tell(pod, event);
    },
  };
}

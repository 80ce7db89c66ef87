// What the scheduler writes about a pod that fits nowhere: a condition and an event, and, when others are to make
// room, their deletion.

import { formatInstant } from "../../core/index.ts";
import {
  isConflict,
  isNotFound,
  isTerminating,
  podCondition,
  refOf,
} from "../../kubernetes/index.ts";
import type { ControllerContext, EventRecorder, Pod } from "../../kubernetes/index.ts";
import type { Preemption } from "./preemption.ts";

export interface UnschedulableReporter {
  /** Says why, unless the pod says it already. */
  report(pod: Pod, message: string): Promise<void>;
  preempt(pod: Pod, plan: Preemption): Promise<void>;
}

export function createUnschedulableReporter(
  { api, clock }: ControllerContext,
  events: EventRecorder,
  component: string,
): UnschedulableReporter {
  const report = async (pod: Pod, message: string): Promise<void> => {
    const current = podCondition(pod, "PodScheduled");
    if (current?.status === "False" && current.message === message) return;
    events.recordAction({ component }, pod, {
      type: "Warning",
      reason: "FailedScheduling",
      action: "Scheduling",
      message,
    });
    const conditions = [
      ...(pod.status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled"),
      unschedulableCondition(pod, message, formatInstant(clock.now())),
    ];
    const body = { status: { conditions } };
    try {
      await api.patch(refOf(pod), { type: "merge", body }, { subresource: "status" });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  const markDisrupted = async (victim: Pod): Promise<void> => {
    const conditions = [
      ...(victim.status?.conditions ?? []).filter(({ type }) => type !== "DisruptionTarget"),
      {
        type: "DisruptionTarget",
        observedGeneration: victim.metadata.generation,
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: formatInstant(clock.now()),
        reason: "PreemptionByScheduler",
        message: `${component}: preempting to accommodate a higher priority pod`,
      },
    ];
    const body = { status: { conditions } };
    try {
      await api.patch(refOf(victim), { type: "merge", body }, { subresource: "status" });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  /** The victims end gracefully, and their going wakes the pod. */
  const preempt = async (pod: Pod, { nodeName, victims }: Preemption): Promise<void> => {
    const body = { status: { nominatedNodeName: nodeName } };
    await api.patch(refOf(pod), { type: "merge", body }, { subresource: "status" });
    for (const victim of victims) {
      if (isTerminating(victim)) continue;
      await markDisrupted(victim);
      const { uid } = victim.metadata;
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      await api.delete(refOf(victim), preconditions).catch((error: unknown) => {
        if (!isNotFound(error) && !isConflict(error)) throw error;
      });
      events.recordAction({ component }, victim, {
        type: "Normal",
        reason: "Preempted",
        action: "Preempting",
        message: `Preempted by pod ${pod.metadata.uid} on node ${nodeName}`,
      });
    }
  };
  return { report, preempt };
}

function unschedulableCondition(pod: Pod, message: string, now: string): object {
  const current = podCondition(pod, "PodScheduled");
  return {
    type: "PodScheduled",
    observedGeneration: pod.metadata.generation,
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: current?.status === "False" ? current.lastTransitionTime : now,
    reason: "Unschedulable",
    message,
  };
}

// Conditions of a pod as a kubelet writes them. Pure. Mirrors pkg/kubelet/status/generate.go.

import { formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import type { Container, Pod, PodCondition } from "../../kubernetes/index.ts";

export function incomplete(containers: readonly Container[]): string {
  return `containers with incomplete status: [${containers.map(({ name }) => name).join(" ")}]`;
}

export function unready(containers: readonly Container[]): string {
  return `containers with unready status: [${containers.map(({ name }) => name).join(" ")}]`;
}

/** True, or the reason and message why not, or with which a condition is true all the same. */
export type ConditionValue = boolean | readonly [reason: string, message: string, status?: "True"];

export function setConditions(
  pod: Pod,
  now: InstantMs,
  values: Readonly<Record<string, ConditionValue>>,
): readonly PodCondition[] {
  const conditions = [...(pod.status?.conditions ?? [])];
  for (const [type, value] of Object.entries(values)) {
    const index = conditions.findIndex((condition) => condition.type === type);
    const next = conditionFor(pod, type, value, conditions[index], now);
    if (index < 0) conditions.push(next);
    else conditions[index] = next;
  }
  return conditions;
}

function conditionFor(
  pod: Pod,
  type: string,
  value: ConditionValue,
  old: PodCondition | undefined,
  now: InstantMs,
): PodCondition {
  const [reason, message, forced] = typeof value === "boolean" ? [] : value;
  const status = forced ?? (value === true ? "True" : "False");
  const { generation } = pod.metadata;
  const since = old?.status === status ? old.lastTransitionTime : undefined;
  return {
    type,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime: since ?? formatInstant(now),
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
  };
}

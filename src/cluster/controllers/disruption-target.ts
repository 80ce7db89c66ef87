// The condition that tells why the control plane ends a pod. Mirrors pkg/api/v1/pod UpdatePodCondition as the controllers
// that delete pods use it: pkg/controller/{tainteviction,podgc}. Pure.

import { formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import type { Pod, PodCondition } from "../../kubernetes/index.ts";

const DISRUPTION_TARGET = "DisruptionTarget";

/** The pod's conditions with the one about its end. */
export function withDisruptionTarget(
  { status, metadata }: Pod,
  said: { readonly reason: string; readonly message: string },
  now: InstantMs,
): readonly PodCondition[] {
  const { conditions = [] } = status ?? {};
  const old = conditions.find(({ type }) => type === DISRUPTION_TARGET);
  const since = old?.status === "True" ? old.lastTransitionTime : undefined;
  const condition: PodCondition = {
    type: DISRUPTION_TARGET,
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: since ?? formatInstant(now),
    ...said,
  };
  return old === undefined
    ? [...conditions, condition]
    : conditions.map((one) => (one === old ? condition : one));
}

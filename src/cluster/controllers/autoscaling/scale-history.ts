// What an autoscaler remembers: what it recommended and when it scaled. Mirrors the recommendations and scale events of
// kubernetes pkg/controller/podautoscaler/horizontal.go v1.36, which forgets them with the process as well.

import { SECOND_MS } from "../../../core/index.ts";
import type { InstantMs } from "../../../core/index.ts";
import type { ScalingRules } from "../policy-kinds.ts";

export interface Recommendation {
  readonly replicas: number;
  readonly at: InstantMs;
}

export interface ScaleEvent {
  readonly change: number;
  readonly at: InstantMs;
}

export interface ScaleHistory {
  recommendations: readonly Recommendation[];
  scaleUps: readonly ScaleEvent[];
  scaleDowns: readonly ScaleEvent[];
}

export function createScaleHistory(currentReplicas: number, at: InstantMs): ScaleHistory {
  return { recommendations: [{ replicas: currentReplicas, at }], scaleUps: [], scaleDowns: [] };
}

/** Keeps the events that any policy can still ask for, and adds the new one. */
export function withScaleEvent(
  events: readonly ScaleEvent[],
  event: ScaleEvent,
  rules: ScalingRules,
): readonly ScaleEvent[] {
  const longestS = Math.max(0, ...(rules.policies ?? []).map(({ periodSeconds }) => periodSeconds));
  const cutoff = event.at - longestS * SECOND_MS;
  return [...events.filter(({ at }) => at >= cutoff), event];
}

/** By how many replicas the events of the last seconds changed the target. */
export function changeWithin(
  events: readonly ScaleEvent[],
  periodSeconds: number,
  now: InstantMs,
): number {
  const cutoff = now - periodSeconds * SECOND_MS;
  return events.reduce((sum, { change, at }) => (at > cutoff ? sum + change : sum), 0);
}

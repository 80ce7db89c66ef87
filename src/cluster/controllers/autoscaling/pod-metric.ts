// Values of one metric, by pod, and what they come to against a target.
// Mirrors kubernetes pkg/controller/podautoscaler/metrics (interfaces.go, utilization.go) v1.36.

import type { InstantMs } from "../../../core/index.ts";

export interface PodMetric {
  /** Thousandths. */
  readonly value: number;
  readonly timestamp: InstantMs;
  readonly windowMs: number;
}

/** By pod name. */
export type PodMetrics = ReadonlyMap<string, PodMetric>;

/** Why a metric gives no number of replicas, in the words of the real controller. */
export class MetricError extends Error {
  override readonly name = "MetricError";
}

export interface Utilization {
  readonly ratio: number;
  /** Per cent of the requests. */
  readonly utilization: number;
  /** Thousandths a pod. */
  readonly average: number;
}

/** Metrics of pods without a request belong to nobody we know. */
export function utilizationOf(
  metrics: PodMetrics,
  requests: ReadonlyMap<string, number>,
  target: number,
): Utilization {
  let [used, requested, count] = [0, 0, 0];
  for (const [name, { value }] of metrics) {
    const request = requests.get(name);
    if (request === undefined) continue;
    used += value;
    requested += request;
    count += 1;
  }
  if (requested === 0) throw new MetricError("no metrics returned matched known pods");
  const utilization = Math.trunc((used * 100) / requested);
  return { ratio: utilization / target, utilization, average: Math.trunc(used / count) };
}

export function usageOf(
  metrics: PodMetrics,
  target: number,
): { readonly ratio: number; readonly usage: number } {
  let total = 0;
  for (const { value } of metrics.values()) total += value;
  const usage = Math.trunc(total / metrics.size);
  return { ratio: usage / target, usage };
}

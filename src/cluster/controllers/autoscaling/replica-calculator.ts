// How many replicas a metric asks for. Pure. Mirrors kubernetes pkg/controller/podautoscaler/replica_calculator.go v1.36.

import type { Pod } from "../../../kubernetes/index.ts";
import { groupPods, readyPodCount, requestsOf } from "./group-pods.ts";
import type { Observation, PodGroups } from "./group-pods.ts";
import { MetricError, usageOf, utilizationOf } from "./pod-metric.ts";
import type { PodMetric, PodMetrics } from "./pod-metric.ts";

/** How far a ratio may be from 1 before anything is done. */
export interface Tolerances {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

export interface Target extends Observation {
  readonly pods: readonly Pod[];
  readonly currentReplicas: number;
  readonly tolerances: Tolerances;
}

export interface Proposal {
  readonly replicas: number;
  /** Thousandths: of a pod, of the object, or of all values together. */
  readonly usage: number;
}

export interface UtilizationProposal extends Proposal {
  /** Per cent of the requests. */
  readonly utilization: number;
}

const INT32_MAX = 2 ** 31 - 1;

export function isWithin({ scaleUp, scaleDown }: Tolerances, ratio: number): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
}

/** Against per cent of what the pods, or one of their containers, request. */
export function replicasForUtilization(
  target: Target,
  metrics: PodMetrics,
  wanted: { readonly utilization: number; readonly container: string },
): UtilizationProposal {
  const groups = groupsOf(target, metrics);
  const usable = usableMetrics(metrics, groups);
  const requests = requestsOf(target.pods, wanted.container, target.resource);
  const measure = (values: PodMetrics) => utilizationOf(values, requests, wanted.utilization);
  const found = measure(usable);
  const missing = (name: string): number =>
    Math.trunc(((requests.get(name) ?? 0) * Math.max(100, wanted.utilization)) / 100);
  const replicas = decide(target, groups, usable, {
    ratio: found.ratio,
    ratioOf: (values) => measure(values).ratio,
    missing,
  });
  return { replicas, usage: found.average, utilization: found.utilization };
}

/** Against a value a pod. */
export function replicasForAverage(target: Target, metrics: PodMetrics, wanted: number): Proposal {
  const groups = groupsOf(target, metrics);
  const usable = usableMetrics(metrics, groups);
  const found = usageOf(usable, wanted);
  const replicas = decide(target, groups, usable, {
    ratio: found.ratio,
    ratioOf: (values) => usageOf(values, wanted).ratio,
    missing: () => wanted,
  });
  return { replicas, usage: found.usage };
}

/** Against one value for the whole target: the pods that are ready count. */
export function replicasForValue(target: Target, usage: number, wanted: number): Proposal {
  const ratio = usage / wanted;
  const { currentReplicas, pods, tolerances } = target;
  if (currentReplicas === 0) return { replicas: Math.ceil(ratio), usage };
  if (isWithin(tolerances, ratio)) return { replicas: currentReplicas, usage };
  if (pods.length === 0) {
    throw new MetricError(`unable to calculate ready pods: ${NO_PODS}`);
  }
  return { replicas: Math.min(Math.ceil(ratio * readyPodCount(pods)), INT32_MAX), usage };
}

/** One value, divided by the replicas there are. */
export function replicasForShare(
  {
    statusReplicas,
    tolerances,
  }: { readonly statusReplicas: number; readonly tolerances: Tolerances },
  usage: number,
  wanted: number,
): Proposal {
  const ratio = usage / (wanted * statusReplicas);
  const replicas = isWithin(tolerances, ratio)
    ? statusReplicas
    : Math.min(Math.ceil(usage / wanted), INT32_MAX);
  return { replicas, usage: Math.ceil(usage / statusReplicas) };
}

const NO_PODS = "no pods returned by selector while calculating replica count";

function groupsOf(target: Target, metrics: PodMetrics): PodGroups {
  if (target.pods.length === 0) throw new MetricError(NO_PODS);
  return groupPods(target.pods, metrics, target);
}

function usableMetrics(
  metrics: PodMetrics,
  { ignored, unready }: PodGroups,
): Map<string, PodMetric> {
  const usable = new Map([...metrics].filter(([name]) => !ignored.has(name) && !unready.has(name)));
  if (usable.size > 0) return usable;
  throw new MetricError("did not receive metrics for targeted pods (pods might be unready)");
}

interface Measure {
  readonly ratio: number;
  ratioOf(metrics: PodMetrics): number;
  /** What a pod without a value is taken to use when the others ask for fewer replicas. */
  missing(name: string): number;
}

/** Pods that cannot be counted on are assumed to hold the target where it is. */
function decide(
  { currentReplicas, tolerances }: Target,
  groups: PodGroups,
  metrics: Map<string, PodMetric>,
  measure: Measure,
): number {
  const { ratio } = measure;
  const scalesUpWithUnready = groups.unready.size > 0 && ratio > 1;
  if (!scalesUpWithUnready && groups.missing.size === 0) {
    return isWithin(tolerances, ratio) ? currentReplicas : Math.ceil(ratio * groups.readyCount);
  }
  const assume = (name: string, value: number): void =>
    void metrics.set(name, { value, timestamp: 0, windowMs: 0 });
  for (const name of groups.missing) {
    if (ratio < 1) assume(name, measure.missing(name));
    else if (ratio > 1) assume(name, 0);
  }
  if (scalesUpWithUnready) for (const name of groups.unready) assume(name, 0);
  const assumed = measure.ratioOf(metrics);
  const turnsBack = (ratio < 1 && assumed > 1) || (ratio > 1 && assumed < 1);
  if (isWithin(tolerances, assumed) || turnsBack) return currentReplicas;
  const replicas = Math.ceil(assumed * metrics.size);
  const isContrary =
    (assumed < 1 && replicas > currentReplicas) || (assumed > 1 && replicas < currentReplicas);
  return isContrary ? currentReplicas : replicas;
}

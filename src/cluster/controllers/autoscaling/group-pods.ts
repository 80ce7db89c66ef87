// Which pods of a target count, and for what. Pure. Mirrors groupPods and calculateRequests of kubernetes
// pkg/controller/podautoscaler/replica_calculator.go v1.36.

import { MINUTE_MS, parseQuantity, quantityMilliValue, SECOND_MS } from "../../../core/index.ts";
import type { InstantMs } from "../../../core/index.ts";
import { isReady, isTerminating, podCondition } from "../../../kubernetes/index.ts";
import type { Container, Pod } from "../../../kubernetes/index.ts";
import { MetricError } from "./pod-metric.ts";
import type { PodMetric, PodMetrics } from "./pod-metric.ts";

/** `--horizontal-pod-autoscaler-cpu-initialization-period`. */
export const CPU_INITIALIZATION_MS = 5 * MINUTE_MS;
/** `--horizontal-pod-autoscaler-initial-readiness-delay`. */
export const INITIAL_READINESS_DELAY_MS = 30 * SECOND_MS;

export interface PodPeriods {
  readonly cpuInitializationMs: number;
  readonly initialReadinessDelayMs: number;
}

export const DEFAULT_PERIODS: PodPeriods = {
  cpuInitializationMs: CPU_INITIALIZATION_MS,
  initialReadinessDelayMs: INITIAL_READINESS_DELAY_MS,
};

export interface PodGroups {
  readonly readyCount: number;
  /** Pending, or too young for their CPU to say anything. */
  readonly unready: ReadonlySet<string>;
  /** Without a value. */
  readonly missing: ReadonlySet<string>;
  /** Failed or on their way out. */
  readonly ignored: ReadonlySet<string>;
}

export interface Observation {
  /** Empty for metrics that are no resource. */
  readonly resource: string;
  readonly now: InstantMs;
  readonly periods: PodPeriods;
}

export function groupPods(
  pods: readonly Pod[],
  metrics: PodMetrics,
  observation: Observation,
): PodGroups {
  const groups = {
    unready: new Set<string>(),
    missing: new Set<string>(),
    ignored: new Set<string>(),
  };
  let readyCount = 0;
  for (const pod of pods) {
    const { name } = pod.metadata;
    const metric = metrics.get(name);
    if (isTerminating(pod) || pod.status?.phase === "Failed") groups.ignored.add(name);
    else if (pod.status?.phase === "Pending") groups.unready.add(name);
    else if (metric === undefined) groups.missing.add(name);
    else if (observation.resource === "cpu" && isTooEarly(pod, metric, observation)) {
      groups.unready.add(name);
    } else readyCount += 1;
  }
  return { readyCount, ...groups };
}

/** CPU of a pod that starts up says nothing about its load. */
function isTooEarly(pod: Pod, metric: PodMetric, { now, periods }: Observation): boolean {
  const condition = podCondition(pod, "Ready");
  if (condition === undefined || pod.status?.startTime === undefined) return true;
  const startedAt = Date.parse(pod.status.startTime);
  const changedAt = Date.parse(condition.lastTransitionTime ?? "") || 0;
  const isUnready = condition.status === "False";
  if (startedAt + periods.cpuInitializationMs > now) {
    return isUnready || metric.timestamp < changedAt + metric.windowMs;
  }
  return isUnready && startedAt + periods.initialReadinessDelayMs > changedAt;
}

export function readyPodCount(pods: readonly Pod[]): number {
  return pods.filter((pod) => pod.status?.phase === "Running" && isReady(pod)).length;
}

/** By pod name, in thousandths; of one container when it is named. */
export function requestsOf(
  pods: readonly Pod[],
  container: string,
  resource: string,
): ReadonlyMap<string, number> {
  return new Map(pods.map((pod) => [pod.metadata.name, requestOf(pod, container, resource)]));
}

function requestOf(pod: Pod, container: string, resource: string): number {
  const whole = pod.spec.resources?.requests;
  if (container === "" && whole !== undefined && Object.keys(whole).length > 0) {
    const request = milli(whole[resource]);
    if (request !== undefined) return request;
    throw new MetricError(`missing pod-level request for ${resource} in Pod ${pod.metadata.name}`);
  }
  const running = runningContainers(pod);
  const counted = container === "" ? running : running.filter(({ name }) => name === container);
  if (container !== "" && counted.length === 0) {
    throw new MetricError(`container ${container} not found in Pod ${pod.metadata.name}`);
  }
  let total = 0;
  for (const { name, resources } of counted) {
    const request = milli(resources?.requests?.[resource]);
    if (request === undefined) {
      throw new MetricError(
        `missing request for ${resource} in container ${name} of Pod ${pod.metadata.name}`,
      );
    }
    total += request;
  }
  return total;
}

function runningContainers({ spec }: Pod): readonly Container[] {
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  return [...spec.containers, ...sidecars];
}

function milli(quantity: string | number | undefined): number | undefined {
  const parsed = quantity === undefined ? undefined : parseQuantity(quantity);
  return parsed && quantityMilliValue(parsed);
}

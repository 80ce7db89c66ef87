// What an autoscaler's spec means to the controller: how far ratios may be off, and which APIs its metrics come from.

import { parseQuantity } from "../../../core/index.ts";
import { statusError } from "../../../kubernetes/index.ts";
import type { ApiServiceRequest } from "../../../kubernetes/index.ts";
import type { HorizontalPodAutoscaler, MetricSpec, ScalingBehavior } from "../policy-kinds.ts";
import type { MetricsApis } from "./metrics-client.ts";
import type { Tolerances } from "./replica-calculator.ts";

/** `--horizontal-pod-autoscaler-tolerance`. */
const TOLERANCE = 0.1;

export function tolerancesOf(behavior: ScalingBehavior | undefined): Tolerances {
  return {
    scaleUp: fraction(behavior?.scaleUp?.tolerance),
    scaleDown: fraction(behavior?.scaleDown?.tolerance),
  };
}

function fraction(tolerance: string | number | undefined): number {
  const parsed = tolerance === undefined ? undefined : parseQuantity(tolerance);
  return parsed === undefined ? TOLERANCE : Number(parsed.nanos) / 1e9;
}

type Source = readonly [group: string, versions: readonly string[]];

const RESOURCE: Source = ["metrics.k8s.io", ["v1beta1"]];
const CUSTOM: Source = ["custom.metrics.k8s.io", ["v1beta2", "v1beta1"]];
const SOURCES: Readonly<Record<MetricSpec["type"], Source>> = {
  Resource: RESOURCE,
  ContainerResource: RESOURCE,
  Pods: CUSTOM,
  Object: CUSTOM,
  External: ["external.metrics.k8s.io", ["v1beta1"]],
};

/** Whether any of its metrics may have another value the next time somebody looks. */
export function isMeasurable({ spec }: HorizontalPodAutoscaler, apis: MetricsApis): boolean {
  return (spec.metrics ?? []).some(({ type }) => {
    const [group, versions] = SOURCES[type];
    return versions.some((version) => apis.find(group, version) !== undefined);
  });
}

/** A cluster to which nobody has added an API. */
export const NO_METRICS_APIS: MetricsApis = {
  find: () => undefined,
  read(group: string, _version: string, { resource }: ApiServiceRequest) {
    const message = `the server could not find the requested resource (get ${resource}.${group})`;
    throw statusError("NotFound", message, { group, kind: resource });
  },
};

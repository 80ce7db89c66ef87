// What a HorizontalPodAutoscaler says when it cannot measure, in the words of kube-controller-manager v1.36
// (pkg/controller/podautoscaler/horizontal.go, replica_calculator.go). Pure.

import type { MetricSpec } from "./policy-kinds.ts";

/** `FailedGetResourceMetric` and so on. */
export function failureReason({ type }: MetricSpec): string {
  return `FailedGet${type}Metric`;
}

/** Why a metric has no value: the API that would serve it is not there. */
export function describeMissingMetric(metric: MetricSpec): string {
  const absent = (what: string): string =>
    `the server could not find the requested resource (get ${what})`;
  switch (metric.type) {
    case "Resource":
    case "ContainerResource": {
      const { name = "" } = metric.resource ?? metric.containerResource ?? {};
      const what = metric.resource?.target?.type === "AverageValue" ? "usage" : "utilization";
      return `failed to get ${name} ${what}: unable to get metrics for resource ${name}: unable to fetch metrics from resource metrics API: ${absent("pods.metrics.k8s.io")}`;
    }
    case "Pods":
    case "Object": {
      const { name = "" } = (metric.pods ?? metric.object)?.metric ?? {};
      return `unable to get metric ${name}: unable to fetch metrics from custom metrics API: ${absent(`${name}.custom.metrics.k8s.io`)}`;
    }
    case "External": {
      const name = metric.external?.metric.name ?? "";
      return `unable to get external metric ${name}: unable to fetch metrics from external metrics API: ${absent(`${name}.external.metrics.k8s.io`)}`;
    }
  }
}

/** The message of the event that sums all metrics up. */
export function describeInvalidMetrics(metrics: readonly MetricSpec[], first: string): string {
  const [metric] = metrics;
  const subject =
    metric?.type === "Resource"
      ? `${metric.resource?.name} resource metric`
      : `${metric?.type.toLowerCase()} metric`;
  const count = metrics.length;
  return `invalid metrics (${count} invalid out of ${count}), first error is: failed to get ${subject} value: ${first}`;
}

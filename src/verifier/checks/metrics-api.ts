// An autoscaler that follows CPU or memory reads them from metrics.k8s.io; where nothing serves it, the number of replicas
// never moves.

import { defineDiagnostic, isRecord } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { recordOf } from "../pod-template.ts";
import type { Check, SeenObject, TargetView } from "../target-view.ts";

export const autoscalerWithoutMetrics = defineDiagnostic<{ object: string; substrate: string }>({
  code: "verify/autoscaler-without-metrics",
  // Not ours to install everywhere: the cluster's owner may add it as an add-on of the provider.
  severity: "warning",
  message: ({ object, substrate }) =>
    `${object} scales by CPU or memory, and ${substrate} does not serve metrics.k8s.io by itself`,
  hint: () => "add resourceMetrics: metricsServer()",
});

export const checkMetricsApi: Check = function* (view) {
  const { substrate } = view.cluster;
  if (substrate.metricsApi || servesMetrics(view)) return;
  for (const autoscaler of view.ofKind("HorizontalPodAutoscaler").filter(followsResources)) {
    const object = displayRef(refOf(autoscaler.object));
    yield autoscalerWithoutMetrics(autoscaler.path, { object, substrate: substrate.displayName });
  }
};

function servesMetrics(view: TargetView): boolean {
  return view
    .ofKind("APIService")
    .some(({ object }) => recordOf(object["spec"])["group"] === "metrics.k8s.io");
}

const RESOURCES: ReadonlySet<unknown> = new Set(["Resource", "ContainerResource"]);

/** Without any metric, Kubernetes follows CPU. */
function followsResources({ object }: SeenObject): boolean {
  const { metrics } = recordOf(object["spec"]);
  if (!Array.isArray(metrics) || metrics.length === 0) return true;
  return metrics.some((metric) => isRecord(metric) && RESOURCES.has(metric["type"]));
}

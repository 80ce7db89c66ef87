// Options of the Prometheus Operator.

import type { Tagged } from "../../../model/index.ts";
import type { MetricsStoreInput } from "../store-options.ts";

export type PrometheusOperatorInput = MetricsStoreInput;

/** Prometheus, Alertmanager and the exporters, run by the Prometheus Operator; monitors come from the graph. */
export function prometheusOperator(
  options: PrometheusOperatorInput = {},
): Tagged<"prometheus-operator", PrometheusOperatorInput> {
  return { kind: "prometheus-operator", ...options };
}

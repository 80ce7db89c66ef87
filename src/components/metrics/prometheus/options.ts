// Options of Prometheus without an operator.

import type { Tagged } from "../../../model/index.ts";
import type { MetricsStoreInput } from "../store-options.ts";

export type PrometheusInput = MetricsStoreInput;

/** Prometheus and Alertmanager from plain files; no exporters of machines or objects come with them. */
export function prometheus(options: PrometheusInput = {}): Tagged<"prometheus", PrometheusInput> {
  return { kind: "prometheus", ...options };
}

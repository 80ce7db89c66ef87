// The Prometheus Operator with Prometheus, Alertmanager, kube-state-metrics and node-exporter, from kube-prometheus-stack.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission } from "../../../model/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import { MONITORING_AREA, MONITORING_NAMESPACE } from "../../monitoring/namespace.ts";
import { scrapeTargets } from "../../monitoring/scrape-targets.ts";
import { metricsStoreSchema, settleStore, type MetricsStoreOptions } from "../store-options.ts";
import { alertRules, podMonitor } from "./monitors.ts";
import {
  CHART,
  COMPONENT,
  prometheusOperatorOffers,
  prometheusOperatorSurface,
  RELEASE,
} from "./surface.ts";
import { prometheusOperatorValues } from "./values.ts";

export const prometheusOperatorFiller = defineSlotFiller<MetricsStoreOptions>({
  name: COMPONENT,
  slot: "metrics",
  area: MONITORING_AREA,
  provides: ["metrics"],
  options: metricsStoreSchema,
  resolve: settleStore,
  offers: prometheusOperatorOffers,
  surface: prometheusOperatorSurface,
  emit: emitPrometheusOperator,
  apiGroups: ["monitoring.coreos.com"],
  crds: async () => [(await import("./crds.facts.ts")).prometheusOperatorCrdFacts],
});

function emitPrometheusOperator(context: EmitContext, options: MetricsStoreOptions): Emission {
  const { cluster, path } = context;
  const emitted = emitterFor(MONITORING_AREA, path);
  // What the stack brings itself, it also monitors itself.
  const others = scrapeTargets(context).filter(({ workload }) => workload.component !== COMPONENT);
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: RELEASE,
        namespace: MONITORING_NAMESPACE,
        area: MONITORING_AREA,
        values: prometheusOperatorValues(cluster, options),
      }),
    ],
    objects: [
      ...others.map((target) => emitted(podMonitor(cluster.platform, target))),
      ...(cluster.alerts.length === 0 ? [] : [emitted(alertRules(cluster))]),
    ],
  };
}

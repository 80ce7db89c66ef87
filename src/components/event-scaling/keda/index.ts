// KEDA: scales apps by what they are asked to do, not only by what they use. One owner of `external.metrics.k8s.io`, and
// the owner of the autoscaler of every app with signals. Values as in kedacore/charts keda/values.yaml 2.20.2.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission } from "../../../model/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import { kedaSchema, type KedaOptions } from "./options.ts";
import { scaledObject } from "./scaled-object.ts";
import { authentications } from "./triggers.ts";
import { CHART, kedaSurface, NAMESPACE, replicasOf, signalledApps } from "./surface.ts";

const AREA = "infrastructure/observability";

export const kedaFiller = defineSlotFiller<KedaOptions>({
  name: "keda",
  slot: "eventScaling",
  area: AREA,
  provides: ["eventScaling"],
  options: kedaSchema,
  surface: kedaSurface,
  emit: emitKeda,
  crds: async () => [(await import("./crds.facts.ts")).kedaCrdFacts],
  apiGroups: ["eventing.keda.sh", "keda.sh"],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function emitKeda(context: EmitContext, options: KedaOptions): Emission {
  const { cluster } = context;
  const replicaCount = replicasOf(cluster);
  const { resources } = options;
  const parts = (value: object) => ({ operator: value, metricServer: value, webhooks: value });
  const values = {
    operator: { replicaCount },
    metricsServer: { replicaCount },
    webhooks: { replicaCount },
    resources: parts(resources),
    prometheus: parts({ enabled: true }),
    ...(replicaCount > 1 ? { podDisruptionBudget: parts({ maxUnavailable: 1 }) } : {}),
  };
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: CHART,
        namespace: NAMESPACE,
        area: AREA,
        values,
      }),
    ],
    objects: signalledApps(cluster).flatMap((app) => {
      const emitted = emitterFor(`apps/${app.name}`, [...app.origin, "scale"]);
      const objects = [
        ...authentications(cluster.platform, app),
        scaledObject(cluster, app, options),
      ];
      return objects.map((object) => emitted(object));
    }),
  };
}

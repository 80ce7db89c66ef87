// Project Calico, by its operator's chart: it enforces NetworkPolicies, and two of its own kind stand around them.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission } from "../../../model/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import { checkPlace } from "../plugin-place.ts";
import { globalPolicies } from "./global-policies.ts";
import { calicoSchema, type CalicoOptions } from "./options.ts";
import { calicoSurface, CHART, NAME } from "./surface.ts";
import { calicoValues } from "./values.ts";

const AREA = "infrastructure/networking";

export const calicoFiller = defineSlotFiller<CalicoOptions>({
  name: NAME,
  slot: "cni",
  area: AREA,
  provides: ["networkPolicy", "podNetwork"],
  apiGroups: ["projectcalico.org"],
  options: calicoSchema,
  resolve: (context, options) => {
    checkPlace(context, "Calico");
    return options;
  },
  surface: calicoSurface,
  emit: emitCalico,
  crds: async () => [(await import("./crds.facts.ts")).calicoCrdFacts],
});

function emitCalico(context: EmitContext, options: CalicoOptions): Emission {
  const { cluster, path } = context;
  const emitted = emitterFor(AREA, path);
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: "calico",
        namespace: "tigera-operator",
        area: AREA,
        values: calicoValues(cluster, options),
      }),
    ],
    objects: globalPolicies(cluster).map((object) => emitted(object)),
  };
}

// Cilium, by its chart: it enforces the platform's NetworkPolicies. Rules by name and path are its own kind, which is not written.

import { defineSlotFiller } from "../../../model/index.ts";
import { chartRelease } from "../../manifests/index.ts";
import { checkPlace } from "../plugin-place.ts";
import { ciliumSchema, type CiliumOptions } from "./options.ts";
import { CHART, ciliumSurface, NAME, NAMESPACE } from "./surface.ts";
import { ciliumValues } from "./values.ts";

const AREA = "infrastructure/networking";

export const ciliumFiller = defineSlotFiller<CiliumOptions>({
  name: NAME,
  slot: "cni",
  area: AREA,
  provides: ["networkPolicy", "podNetwork"],
  options: ciliumSchema,
  resolve: (context, options) => {
    checkPlace(context, "Cilium");
    return options;
  },
  surface: ciliumSurface,
  emit: (context, options) => ({
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: NAME,
        namespace: NAMESPACE,
        area: AREA,
        values: ciliumValues(context.cluster, options),
      }),
    ],
  }),
});

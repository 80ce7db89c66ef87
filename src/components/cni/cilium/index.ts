// Cilium, by its chart: it enforces the platform's NetworkPolicies, and on wish rules by name and request in a kind of its own.

import { defineSlotFiller } from "../../../model/index.ts";
import { chartRelease } from "../../manifests/index.ts";
import { checkPlace } from "../plugin-place.ts";
import { ciliumSchema, type CiliumOptions } from "./options.ts";
import { CHART, ciliumSurface, NAME, NAMESPACE } from "./surface.ts";
import { namesBehindCloud } from "./diagnostics.ts";
import { namedPolicies } from "./named-policies.ts";
import { ciliumValues } from "./values.ts";

const AREA = "infrastructure/networking";

export const ciliumFiller = defineSlotFiller<CiliumOptions>({
  name: NAME,
  slot: "cni",
  area: AREA,
  provides: ["networkPolicy", "podNetwork", "namedPolicies"],
  leavesOut: ({ byName }) => (byName ? [] : ["namedPolicies"]),
  options: ciliumSchema,
  resolve: (context, options) => {
    checkPlace(context, "Cilium");
    const { podNetwork, displayName } = context.cluster.substrate;
    if (options.byName && podNetwork === "policy-only")
      context.report(namesBehindCloud([...context.path, "byName"], { substrate: displayName }));
    return options;
  },
  surface: ciliumSurface,
  apiGroups: ["cilium.io"],
  crds: async () => [(await import("./crds.facts.ts")).ciliumCrdFacts],
  emit: (context, options) => ({
    objects: options.byName ? namedPolicies(context) : [],
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

// MetalLB in layer 2 mode: addresses for Services of type LoadBalancer on networks without a load balancer.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { addressPool, layer2Advertisement } from "./address-pool.ts";
import { settleAddresses } from "./addresses.ts";
import { metallbSchema, type MetallbOptions } from "./options.ts";
import { CHART, metallbSurface, NAMESPACE, RELEASE, RESOURCES } from "./surface.ts";

const AREA = "infrastructure/networking";

export const metallbFiller = defineSlotFiller<MetallbOptions>({
  name: "metallb",
  slot: "loadBalancer",
  area: AREA,
  provides: ["loadBalancer"],
  options: metallbSchema,
  resolve: settleAddresses,
  surface: metallbSurface,
  emit: emitMetallb,
  apiGroups: ["metallb.io"],
  crds: async () => [(await import("./crds.facts.ts")).metallbCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function emitMetallb({ cluster, path }: EmitContext, { addresses }: MetallbOptions): Emission {
  const { repository, chart, version } = cluster.versions.chart(CHART);
  const emitted = emitterFor(AREA, path);
  return {
    charts: [
      {
        name: RELEASE,
        namespace: NAMESPACE,
        area: AREA,
        repository,
        chart,
        version,
        values: {
          controller: { resources: RESOURCES },
          speaker: { resources: RESOURCES },
          // Layer 2 needs no BGP daemon.
          frrk8s: { enabled: false },
        },
        path,
      },
    ],
    objects:
      addresses === undefined
        ? []
        : [
            emitted(addressPool(cluster.platform, addresses)),
            emitted(layer2Advertisement(cluster.platform)),
          ],
  };
}

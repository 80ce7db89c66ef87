// Flux: each cluster pulls its own state from git. The chart of the Flux community installs it and is pinned like any other:
// the definitions `flux install --export` writes are not carried here, and without them a gotk-components file would not install.
// Everything else follows from a root Kustomization, laid out as `flux bootstrap` does.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission } from "../../../model/index.ts";
import { BOOTSTRAP_AREA } from "../../../model/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import { fluxEngine } from "./engine.ts";
import { fluxSchema, type FluxOptions } from "./options.ts";
import { CHART, FLUX_NAMESPACE, fluxSurface, RELEASE } from "./surface.ts";
import { gitRepository, rootKustomization } from "./sync-objects.ts";
import { fluxValues } from "./values.ts";

const AREA = "infrastructure/delivery";
const SYNC_FILE = "flux-system/gotk-sync.yaml";

export const fluxFiller = defineSlotFiller<FluxOptions>({
  name: "flux",
  slot: "delivery",
  area: AREA,
  provides: ["gitDelivery", "imageUpdates"],
  leavesOut: ({ imageUpdates }) => (imageUpdates === undefined ? ["imageUpdates"] : []),
  options: fluxSchema,
  engine: fluxEngine,
  surface: fluxSurface,
  emit: emitFlux,
  apiGroups: [
    "source.toolkit.fluxcd.io",
    "kustomize.toolkit.fluxcd.io",
    "helm.toolkit.fluxcd.io",
    "notification.toolkit.fluxcd.io",
    "image.toolkit.fluxcd.io",
  ],
  crds: async () => [(await import("./crds.facts.ts")).fluxCrdFacts],
  behaviours: async () => (await import("./behaviours.ts")).behaviours,
});

function emitFlux(context: EmitContext, options: FluxOptions): Emission {
  const { cluster, path } = context;
  const emitted = emitterFor(BOOTSTRAP_AREA, path);
  const release = {
    chart: CHART,
    name: RELEASE,
    namespace: FLUX_NAMESPACE,
    area: AREA,
    values: fluxValues(options),
  } as const;
  return {
    charts: [chartRelease(context, release)],
    objects: [
      {
        ...emitted(gitRepository(cluster, options), "where everything comes from"),
        file: SYNC_FILE,
      },
      {
        ...emitted(
          rootKustomization(cluster, options),
          "applies this cluster's folder; everything else follows from it",
        ),
        file: SYNC_FILE,
      },
    ],
  };
}

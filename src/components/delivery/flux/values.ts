// Values of the flux2 chart. Keys as in fluxcd-community/helm-charts charts/flux2/values.yaml @82a385b0.

import type { Fields } from "../../manifests/index.ts";
import type { FluxOptions } from "./options.ts";
import { RESOURCES } from "./surface.ts";

/** What waits for something else looks again this often; the default of 30s adds up along a chain. */
export const DEPENDENCY_SECONDS = 5;

export function fluxValues({ imageUpdates }: FluxOptions): Fields {
  const images =
    imageUpdates === undefined ? { create: false } : { create: true, resources: RESOURCES };
  const patient = {
    container: { additionalArgs: [`--requeue-dependency=${DEPENDENCY_SECONDS}s`] },
    resources: RESOURCES,
  };
  return {
    sourceController: { resources: RESOURCES },
    kustomizeController: patient,
    helmController: patient,
    notificationController: { resources: RESOURCES },
    // They write tags into git; without them whoever builds images does that.
    imageAutomationController: images,
    imageReflectionController: images,
    // Ours come from the graph; two sets of policies would allow what either allows.
    policies: { create: false },
  };
}

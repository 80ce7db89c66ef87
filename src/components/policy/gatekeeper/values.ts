// Values of the gatekeeper chart. Keys as in charts/gatekeeper/values.yaml of v3.23.0.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { GatekeeperOptions } from "./options.ts";
import { replicasOf, RESOURCES } from "./surface.ts";

export function gatekeeperValues(
  cluster: PlannedCluster,
  { whenUnavailable }: GatekeeperOptions,
): Fields {
  return {
    replicas: replicasOf(cluster),
    validatingWebhookFailurePolicy: whenUnavailable,
    // One place decides: without these, the same CEL would also become policies of the API server.
    defaultCreateVAPForTemplates: false,
    defaultCreateVAPBindingForConstraints: false,
    // Nothing here changes objects.
    disableMutation: true,
    controllerManager: { resources: RESOURCES },
    audit: { resources: RESOURCES },
    // Helm's hook pods would run under default deny; namespaces are labelled by the platform, CRDs come with the chart.
    upgradeCRDs: { enabled: false },
    postInstall: { labelNamespace: { enabled: false }, probeWebhook: { enabled: false } },
  };
}

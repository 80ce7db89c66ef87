// Values of the vault chart with nothing but its injector. Keys as in hashicorp/vault-helm 0.34.1 values.yaml.

import type { PlannedCluster } from "../../../model/index.ts";
import { TENANCY_LABEL, type Fields } from "../../manifests/index.ts";
import type { VaultInjectorOptions } from "./options.ts";
import { ASKS, RELEASE, replicasOf, RESOURCES, serverBeside } from "./surface.ts";

export function vaultInjectorValues(
  cluster: PlannedCluster,
  options: VaultInjectorOptions,
): Fields {
  const address = options.address ?? serverBeside(options, cluster.offers)?.url;
  return {
    fullnameOverride: RELEASE,
    global: { externalVaultAddr: address },
    server: { enabled: false },
    csi: { enabled: false },
    injector: {
      enabled: true,
      replicas: replicasOf(cluster),
      authPath: options.auth,
      resources: RESOURCES,
      webhook: {
        // A pod without its agent would start without its secrets.
        failurePolicy: "Fail",
        namespaceSelector: { matchLabels: { [TENANCY_LABEL]: "app" } },
        objectSelector: { matchLabels: ASKS },
      },
    },
  };
}

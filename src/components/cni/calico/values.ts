// Values of the tigera-operator chart. Keys as in v3.32 charts/tigera-operator/values.yaml; `installation` is the spec of an
// operator.tigera.io/v1 Installation.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { CalicoOptions } from "./options.ts";
import { RESOURCES } from "./surface.ts";

export function calicoValues(
  { network, substrate }: Pick<PlannedCluster, "network" | "substrate">,
  { encapsulation }: CalicoOptions,
): Fields {
  return {
    installation:
      substrate.podNetwork === "policy-only"
        ? // Addresses and routes stay the cloud's; Calico decides what passes.
          { kubernetesProvider: "EKS", cni: { type: "AmazonVPC" } }
        : {
            cni: { type: "Calico" },
            calicoNetwork: {
              bgp: "Disabled",
              ipPools: [{ cidr: network.podRange, encapsulation, natOutgoing: "Enabled" }],
            },
          },
    // For projectcalico.org/v3, the policies' own kind.
    apiServer: { enabled: true },
    goldmane: { enabled: false },
    whisker: { enabled: false },
    resources: RESOURCES,
  };
}

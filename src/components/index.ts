// The registry: every shipped component, one line each. Adding one adds its folder and its line.

import type { Registry } from "../model/index.ts";
import { roles } from "./access/roles/index.ts";
import { kubernetesWorkload } from "./app/kubernetes-workload/index.ts";
import { postgresServerProvider } from "./database/postgres-server/index.ts";
import { argocdFiller } from "./delivery/argocd/index.ts";
import { networkPolicies } from "./isolation/network-policies/index.ts";
import { restricted } from "./posture/restricted/index.ts";
import { elasticmqProvider } from "./queue/elasticmq/index.ts";
import { SLOTS } from "./slots.ts";
import { namespaces } from "./tenancy/namespaces/index.ts";

export const registry: Registry = {
  slots: SLOTS,
  components: [
    namespaces,
    roles,
    networkPolicies,
    restricted,
    argocdFiller,
    kubernetesWorkload,
    postgresServerProvider,
    elasticmqProvider,
  ],
};

/** The Sealed Secrets envelope, loaded only by who seals: compiling never needs it. */
export const sealedEnvelope = () => import("./secrets/sealed-secrets/behaviour/envelope.ts");

// How the External Secrets Operator acts inside an embedded cluster. What the store holds is what the run keeps for a laptop;
// nobody is signed in to, and nothing outside is asked.

import type { Behaviour } from "../../../model/index.ts";
import { externalSecretController } from "./behaviour/external-secret-controller.ts";
import { storeController } from "./behaviour/store-controller.ts";
import { CHART } from "./surface.ts";

export const behaviour: Behaviour = {
  source:
    "external-secrets/external-secrets pkg/controllers/{secretstore/common,externalsecret/externalsecret_controller}.go 2.9.0",
  workload: CHART,
  controllers: ({ secretStore }) => [storeController, externalSecretController(secretStore)],
};

// How the Sealed Secrets controller acts inside an embedded cluster.

import type { Behaviour } from "../../../model/index.ts";
import { renewController } from "./behaviour/renew-controller.ts";
import { unsealController } from "./behaviour/unseal-controller.ts";

export const behaviour: Behaviour = {
  source: "bitnami-labs/sealed-secrets pkg/controller, v0.36.4",
  controllers: ({ signing }) => [
    unsealController,
    ...(signing?.selfSigned === undefined ? [] : [renewController(signing.selfSigned)]),
  ],
};

// How cert-manager acts inside an embedded cluster: issuers become ready, Certificates become Secrets, and both are renewed on
// the clock. Certificates are real, the authorities are the cluster's own: no ACME server is ever asked. Mirrors
// cert-manager/cert-manager pkg/controller/{issuers,certificates}, v1.21.

import type { Behaviour } from "../../../model/index.ts";
import { certificateController } from "./behaviour/certificate-controller.ts";
import { issuerController } from "./behaviour/issuer-controller.ts";

export const behaviour: Behaviour = {
  source: "cert-manager/cert-manager pkg/controller, v1.21",
  workload: "cert-manager",
  controllers: ({ signing }) => [
    issuerController,
    ...(signing === undefined ? [] : [certificateController(signing)]),
  ],
};

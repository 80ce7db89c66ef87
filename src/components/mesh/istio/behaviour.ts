// How istiod acts inside an embedded cluster: it puts proxies into the pods of namespaces that ask for them and keeps the
// authority of the mesh.

import type { Behaviour } from "../../../model/index.ts";
import { sidecarInjector, sidecarInjectorAway } from "./behaviour/inject.ts";
import { rootCertificates } from "./behaviour/root-certificates.ts";
import { ISTIOD } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "istio/istio pkg/kube/inject, security/pkg/pki/ca, 1.30.3",
  controllers: ({ signing }) => (signing === undefined ? [] : [rootCertificates(signing)]),
  // Every revision has one of its own.
  workload: new RegExp(`^${ISTIOD.name}(-|$)`),
  admission: () => [sidecarInjector],
  admissionWhileAway: () => [sidecarInjectorAway],
};

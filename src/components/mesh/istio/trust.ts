// Whom sidecars believe: istiod's own authority, and identities as SPIFFE has them. Source: istio/istio 1.30.3
// security/pkg/pki/ca/ca.go, pkg/spiffe/spiffe.go; SECRET_TTL of pilot/pkg/features: a day.

import { DAY_MS } from "../../../core/index.ts";
import type { MeshTrust } from "../../../model/index.ts";
import { NAMESPACE } from "./surface.ts";

export const AUTHORITY_SECRET = "istio-ca-secret";
export const AUTHORITY_KEYS = { certificate: "ca-cert.pem", key: "ca-key.pem" } as const;
const SPIFFE = /^spiffe:\/\/cluster\.local\/ns\/([^/]+)\/sa\/([^/]+)$/;

export const istioTrust: MeshTrust = {
  authority: {
    namespace: NAMESPACE,
    name: AUTHORITY_SECRET,
    ...AUTHORITY_KEYS,
    root: AUTHORITY_KEYS.certificate,
  },
  lifetimeMs: DAY_MS,
  nameOf: ({ namespace, serviceAccount }) =>
    `spiffe://cluster.local/ns/${namespace}/sa/${serviceAccount}`,
  identityOf(name) {
    const [, namespace, serviceAccount] = SPIFFE.exec(name) ?? [];
    return namespace === undefined || serviceAccount === undefined
      ? undefined
      : { namespace, serviceAccount };
  },
};

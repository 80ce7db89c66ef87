// Whom Linkerd's proxies believe: the issuer below the root, and identities as DNS names. Source: linkerd/linkerd2 edge-26.8.3
// pkg/identity, charts/linkerd-control-plane (issuanceLifetime of a day).

import { DAY_MS } from "../../../core/index.ts";
import type { MeshTrust } from "../../../model/index.ts";
import { ISSUER_SECRET, NAMESPACE } from "./surface.ts";

const SUFFIX = `serviceaccount.identity.${NAMESPACE}.cluster.local`;

export const linkerdTrust: MeshTrust = {
  authority: {
    namespace: NAMESPACE,
    name: ISSUER_SECRET,
    certificate: "tls.crt",
    key: "tls.key",
    root: "ca.crt",
  },
  lifetimeMs: DAY_MS,
  nameOf: ({ namespace, serviceAccount }) => `${serviceAccount}.${namespace}.${SUFFIX}`,
  identityOf(name) {
    if (!name.endsWith(`.${SUFFIX}`)) return undefined;
    const [serviceAccount = "", namespace = ""] = name.split(".");
    return { namespace, serviceAccount };
  },
};

// Certificates by which systems of the cluster know each other: an authority that signs nothing else, and a Certificate for each
// side. Its Secret has the authority as `ca.crt`, as the CA issuer writes it (pkg/issuer/ca of cert-manager v1.21).

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PeerDemand, PlannedCluster } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import { API_VERSION, EC_KEY, issuedBy, ownAuthority } from "./objects.ts";
import { COMPONENT } from "./surface.ts";

const AUTHORITY = "platform-peers";
/** 90 days, renewed after 60, as what is served to people. */
const PEER = { duration: "2160h", renewBefore: "720h" };

export function peerAuthority(cluster: PlannedCluster): KubernetesObject[] {
  if (cluster.peerCertificates.length === 0) return [];
  const commonName = `peers.${cluster.platform}.${cluster.target}`;
  return ownAuthority(cluster, { name: AUTHORITY, commonName, issuer: AUTHORITY });
}

export function peerCertificate(
  { platform }: PlannedCluster,
  { secret, namespace, names, use }: PeerDemand,
): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: "Certificate",
    metadata: {
      name: secret,
      namespace,
      labels: systemLabels(platform, COMPONENT, "peer"),
    },
    spec: {
      secretName: secret,
      dnsNames: names,
      ...PEER,
      usages: ["digital signature", use === "server" ? "server auth" : "client auth"],
      privateKey: EC_KEY,
      issuerRef: issuedBy(AUTHORITY),
    },
  };
}

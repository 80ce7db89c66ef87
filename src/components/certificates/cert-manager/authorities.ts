// Authorities that systems of the platform sign with: a root of their own, an authority below it that is renewed every day, and
// the root's certificate where everybody reads whom to trust. As linkerd.io/docs "Automatically Rotating Control Plane TLS
// Credentials" has it, for whichever system asks.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { AuthorityDemand, PlannedCluster } from "../../../model/index.ts";
import { NAMESPACE_NAME_LABEL, systemLabels } from "../../manifests/index.ts";
import { API_VERSION, EC_KEY, issuedBy, ownAuthority } from "./objects.ts";
import { COMPONENT } from "./surface.ts";

const SIGNING = { duration: "48h", renewBefore: "25h" };

export function authorityObjects(
  cluster: PlannedCluster,
  demand: AuthorityDemand,
): KubernetesObject[] {
  const { secret, namespace, commonName } = demand;
  const root = `${secret}-root`;
  const labels = systemLabels(cluster.platform, COMPONENT, "authority");
  return [
    ...ownAuthority(cluster, { name: root, commonName: `root.${commonName}`, issuer: root }),
    {
      apiVersion: API_VERSION,
      kind: "Certificate",
      metadata: { name: secret, namespace, labels },
      spec: {
        isCA: true,
        commonName,
        dnsNames: [commonName],
        secretName: secret,
        ...SIGNING,
        privateKey: EC_KEY,
        usages: ["cert sign", "crl sign", "server auth", "client auth"],
        issuerRef: issuedBy(root),
      },
    },
    trustBundle(demand, root, labels),
  ];
}

/** The ConfigMap has the Bundle's name (pkg/bundle of trust-manager). */
function trustBundle(
  { namespace, trust }: AuthorityDemand,
  root: string,
  labels: KubernetesObject["metadata"]["labels"],
): KubernetesObject {
  return {
    apiVersion: "trust.cert-manager.io/v1alpha1",
    kind: "Bundle",
    metadata: { name: trust.configMap, ...(labels === undefined ? {} : { labels }) },
    spec: {
      sources: [{ secret: { name: root, key: "tls.crt" } }],
      target: {
        configMap: { key: trust.key },
        namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
      },
    },
  };
}

// The issuer behind all certificates of the cluster, and a Certificate for each that is asked for. Certificates are written out
// in place of annotations on a Gateway: listeners without a hostname get nothing from those, and an Ingress controller's
// default certificate has no object they could stand on. Kinds as in cert-manager v1.21 (cert-manager.io/v1).

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { CertificateDemand, PlannedCluster } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import type { Issuer, Solver } from "./options.ts";
import { asksByHttp, COMPONENT, DNS_SECRET, NAMESPACE, RESOURCES } from "./surface.ts";

export const API_VERSION = "cert-manager.io/v1";
const ISSUER = "platform";
const AUTHORITY = "platform-authority";
/** 90 days, renewed after 60; an authority of ten years would outlive everybody who remembers its key. */
const LEAF = { duration: "2160h", renewBefore: "720h" };
export const EC_KEY = { algorithm: "ECDSA", size: 256 };
const ROOT = { duration: "43800h", renewBefore: "8760h" };

export function issuers(cluster: PlannedCluster, issuer: Issuer): KubernetesObject[] {
  if (issuer.kind === "acme")
    return [clusterIssuer(cluster, ISSUER, { acme: acme(cluster, issuer) })];
  return ownAuthority(cluster, {
    name: AUTHORITY,
    commonName: `${cluster.platform} ${cluster.target}`,
    issuer: ISSUER,
  });
}

/** A root that signs itself, and the issuer that signs by it. */
export function ownAuthority(
  cluster: PlannedCluster,
  {
    name,
    commonName,
    issuer,
  }: { readonly name: string; readonly commonName: string; readonly issuer: string },
): KubernetesObject[] {
  const bootstrap = `${name}-bootstrap`;
  return [
    clusterIssuer(cluster, bootstrap, { selfSigned: {} }),
    {
      apiVersion: API_VERSION,
      kind: "Certificate",
      metadata: {
        name,
        namespace: NAMESPACE,
        labels: systemLabels(cluster.platform, COMPONENT, "authority"),
      },
      spec: {
        isCA: true,
        commonName,
        secretName: name,
        ...ROOT,
        privateKey: EC_KEY,
        issuerRef: issuedBy(bootstrap),
      },
    },
    clusterIssuer(cluster, issuer, { ca: { secretName: name } }),
  ];
}

export function clusterIssuer(
  { platform }: PlannedCluster,
  name: string,
  spec: Fields,
): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterIssuer",
    metadata: { name, labels: systemLabels(platform, COMPONENT, "issuer") },
    spec,
  };
}

export const issuedBy = (name: string): Fields => ({
  name,
  kind: "ClusterIssuer",
  group: "cert-manager.io",
});

function acme(
  { certificates }: PlannedCluster,
  { email, server, solver }: Extract<Issuer, { kind: "acme" }>,
): Fields {
  return {
    email,
    server,
    privateKeySecretRef: { name: "acme-account" },
    solvers:
      solver.kind === "http01"
        ? certificates.slice(0, 1).map((demand) => ({ http01: httpSolver(demand) }))
        : [{ dns01: dnsSolver(solver) }],
  };
}

/** Its pods come up in the certificate's own namespace, under the restricted profile. */
function httpSolver({ namespace, challenges: { by } }: CertificateDemand): Fields {
  const podTemplate = { spec: { resources: RESOURCES.solver } };
  if (by.kind === "ingress-class") return { ingress: { ingressClassName: by.name, podTemplate } };
  const parent = { name: by.name, namespace, kind: "Gateway", sectionName: by.listener };
  return { gatewayHTTPRoute: { parentRefs: [parent], podTemplate } };
}

function dnsSolver(solver: Exclude<Solver, { kind: "http01" }>): Fields {
  const from = (key: string): Fields => ({ name: DNS_SECRET, key });
  if (solver.kind === "cloudflare") return { cloudflare: { apiTokenSecretRef: from("api-token") } };
  const { region, hostedZoneId } = solver;
  return {
    route53: {
      region,
      ...(hostedZoneId === undefined ? {} : { hostedZoneID: hostedZoneId }),
      accessKeyIDSecretRef: from("access-key-id"),
      secretAccessKeySecretRef: from("secret-access-key"),
    },
  };
}

export function certificate(
  { platform, routes }: PlannedCluster,
  issuer: Issuer,
  { secret, namespace, domain }: CertificateDemand,
): KubernetesObject {
  // A wildcard is proven by DNS alone (RFC 8555 8.3 asks a host, and a wildcard is none).
  const names = asksByHttp(issuer)
    ? [...new Set(routes.map(({ hostname }) => hostname))]
    : [domain, `*.${domain}`];
  return {
    apiVersion: API_VERSION,
    kind: "Certificate",
    metadata: {
      name: secret,
      namespace,
      labels: systemLabels(platform, COMPONENT, "certificate"),
    },
    spec: {
      secretName: secret,
      dnsNames: names,
      ...LEAF,
      privateKey: { algorithm: "ECDSA", size: 256 },
      issuerRef: issuedBy(ISSUER),
    },
  };
}

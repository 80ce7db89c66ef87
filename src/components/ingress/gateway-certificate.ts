// The certificate behind the platform's HTTPS listener: issued where a component does that, else brought by a person.

import type { Path } from "../../core/index.ts";
import { isProvided } from "../../model/index.ts";
import type {
  Area,
  CertificateDemand,
  ChallengeRoute,
  PlannedCluster,
  ResolveContext,
  SecretDemand,
} from "../../model/index.ts";

export const CERTIFICATE_SECRET = "platform-tls";

type Choices = Pick<PlannedCluster, "slots" | "providers" | "substrate">;

/** Default of every ingress: HTTPS where somebody has a certificate, which on a developer's machine takes an issuer. */
export function servesTls(
  cluster: ResolveContext["cluster"],
  stated: boolean | undefined,
): boolean {
  return stated ?? (cluster.site.kind !== "developer-machine" || isIssued(cluster));
}

const isIssued = (cluster: Choices): boolean => isProvided(cluster, "certificates");

export function issuedCertificate(
  { cluster, path }: ResolveContext,
  challenges: ChallengeRoute,
  area: Area,
): CertificateDemand[] {
  if (!isIssued(cluster)) return [];
  const { namespace } = challenges.proxy;
  const { domain } = cluster;
  return [{ secret: CERTIFICATE_SECRET, namespace, domain, challenges, area, origin: path }];
}

/** Nothing where it is issued. */
export function certificateDemand(
  namespace: string,
  cluster: Choices & Pick<PlannedCluster, "domain">,
  area: Area,
  origin: Path,
): SecretDemand[] {
  if (isIssued(cluster)) return [];
  const names = `${cluster.domain} and *.${cluster.domain}`;
  return [
    {
      id: "ingress.certificate",
      name: CERTIFICATE_SECRET,
      type: "kubernetes.io/tls",
      namespaces: [namespace],
      keys: [
        { key: "tls.crt", source: "person", description: `PEM certificate chain for ${names}` },
        { key: "tls.key", source: "person", description: "PEM private key of that certificate" },
      ],
      area,
      origin,
    },
  ];
}

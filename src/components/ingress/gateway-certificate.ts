// The certificate behind the platform's HTTPS listener, brought by a person until a component issues it.

import type { Path } from "../../core/index.ts";
import type { Area, SecretDemand } from "../../model/index.ts";

export const CERTIFICATE_SECRET = "platform-tls";

export function certificateDemand(
  namespace: string,
  domain: string,
  area: Area,
  origin: Path,
): SecretDemand {
  const names = `${domain} and *.${domain}`;
  return {
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
  };
}

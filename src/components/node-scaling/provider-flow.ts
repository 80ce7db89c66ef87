// What whoever makes nodes talks to: the API of AWS, the only provider whose nodes are made from within the cluster.

import type { Path } from "../../core/index.ts";
import type { Flow } from "../../model/index.ts";

const HTTPS_PORT = 443;

/** EC2, Auto Scaling, EKS, IAM and prices: addresses of the provider's API are not known beforehand. */
export function providerFlow(namespace: string, name: string, origin: Path): Flow {
  return {
    name: `${name}-to-provider`,
    from: { kind: "workload", namespace, name },
    to: { kind: "external", name: "aws-api", addresses: [] },
    port: HTTPS_PORT,
    protocol: "TCP",
    purpose: "internal",
    application: "https",
    encryption: "tls",
    origin,
  };
}

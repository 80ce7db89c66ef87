// Values of the ingress-nginx chart. Keys as in helm-chart-4.15.1 charts/ingress-nginx/values.yaml.

import type { PlannedCluster } from "../../../model/index.ts";
import { nodePortsOf } from "../../substrates/node-ports.ts";
import { CERTIFICATE_SECRET } from "../gateway-certificate.ts";
import type { Fields } from "../../manifests/index.ts";
import { NAMESPACE, replicasOf, RESOURCES } from "./surface.ts";

export function ingressNginxValues(cluster: PlannedCluster, tls: boolean): Fields {
  return {
    controller: {
      replicaCount: replicasOf(cluster),
      resources: RESOURCES,
      ingressClassResource: { default: true },
      // The webhook is how CVE-2025-1974 took clusters over; a retired controller goes without it.
      admissionWebhooks: { enabled: false },
      metrics: { enabled: true },
      // 503 would look like an outage to whoever counts errors.
      config: { "limit-req-status-code": "429" },
      // One certificate for every name, without a copy in each namespace.
      ...(tls
        ? { extraArgs: { "default-ssl-certificate": `${NAMESPACE}/${CERTIFICATE_SECRET}` } }
        : {}),
      service: service(cluster),
    },
  };
}

function service({ network }: PlannedCluster): Fields {
  const nodePorts = nodePortsOf(network);
  if (nodePorts === undefined) return { type: "LoadBalancer", externalTrafficPolicy: "Local" };
  const { http, https } = nodePorts;
  return {
    type: "LoadBalancer",
    // The machine's ports lead to any node, so any node must answer.
    externalTrafficPolicy: "Cluster",
    nodePorts: { http: String(http), https: String(https) },
  };
}

// Values of the chart. Keys as in istio/istio 1.30.3 manifests/charts/gateway/values.yaml.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { nodePortsOf } from "../../substrates/node-ports.ts";
import { HTTP_PORT, HTTPS_PORT } from "../gateway-api/objects.ts";
import { replicasOf, RESOURCES, revisionOf } from "./surface.ts";

export function istioGatewayValues(cluster: PlannedCluster, tls: boolean): Fields {
  const replicas = replicasOf(cluster);
  const revision = revisionOf(cluster);
  return {
    ...(revision === "default" ? {} : { revision }),
    // The number is part of the plan; an autoscaler would own it.
    autoscaling: { enabled: false },
    replicaCount: replicas,
    resources: RESOURCES,
    // Replaces the chart's own, whose sysctl lets an ordinary user listen on 80 and 443.
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
    },
    service: service(cluster, tls),
    ...(replicas < 2 ? {} : { podDisruptionBudget: { maxUnavailable: 1 } }),
  };
}

function service({ network }: PlannedCluster, tls: boolean): Fields {
  const nodePorts = nodePortsOf(network);
  const port = (name: string, number: number, nodePort: number | undefined): Fields => ({
    name,
    port: number,
    protocol: "TCP",
    targetPort: number,
    ...(nodePort === undefined ? {} : { nodePort }),
  });
  return {
    type: "LoadBalancer",
    // The client's address is kept, but where the machine's ports lead to any node.
    externalTrafficPolicy: nodePorts === undefined ? "Local" : "Cluster",
    ports: [
      port("http2", HTTP_PORT, nodePorts?.http),
      ...(tls ? [port("https", HTTPS_PORT, nodePorts?.https)] : []),
    ],
  };
}

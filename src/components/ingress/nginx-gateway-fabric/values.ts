// Values of the chart. Keys as in nginx-gateway-fabric v2.6.7 charts/nginx-gateway-fabric/values.yaml.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { nodePortsOf } from "../../substrates/node-ports.ts";
import { HTTP_PORT, HTTPS_PORT } from "../gateway-api/objects.ts";
import { GATEWAY_CLASS, replicasOf, RESOURCES } from "./surface.ts";

export function nginxGatewayFabricValues(cluster: PlannedCluster, tls: boolean): Fields {
  const replicas = replicasOf(cluster);
  return {
    nginxGateway: {
      gatewayClassName: GATEWAY_CLASS,
      replicas,
      resources: RESOURCES.controlPlane,
      // Needs the right to list nodes and a way out to the vendor; neither is granted.
      productTelemetry: { enable: false },
    },
    nginx: {
      replicas,
      container: { resources: RESOURCES.dataPlane },
      service: service(cluster, tls),
    },
  };
}

function service({ network }: PlannedCluster, tls: boolean): Fields {
  const nodePorts = nodePortsOf(network);
  if (nodePorts === undefined) {
    // Keeps the client's address, which logs and rate limits need.
    return { type: "LoadBalancer", externalTrafficPolicy: "Local" };
  }
  return {
    type: "LoadBalancer",
    // The machine's ports lead to any node, so any node must answer.
    externalTrafficPolicy: "Cluster",
    nodePorts: [
      { port: nodePorts.http, listenerPort: HTTP_PORT },
      ...(tls ? [{ port: nodePorts.https, listenerPort: HTTPS_PORT }] : []),
    ],
  };
}

// The data plane as we want it, and what it makes of its clients. Mirrors gateway.envoyproxy.io/v1alpha1 EnvoyProxy and
// ClientTrafficPolicy, v1.9.0.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import { nodePortsOf } from "../../substrates/node-ports.ts";
import type { ClientAddressOptions } from "../client-address-options.ts";
import { asksForClient, CLIENT_SECRET } from "../upstream-tls.ts";
import { HTTP_PORT, HTTPS_PORT } from "../gateway-api/objects.ts";
import {
  COMPONENT,
  CONTROLLER_NAME,
  DATA_PLANE,
  GATEWAY,
  GATEWAY_CLASS,
  NAMESPACE,
  replicasOf,
  RESOURCES,
} from "./surface.ts";

export const ENVOY_API = "gateway.envoyproxy.io/v1alpha1";

/** The chart makes none. */
export function gatewayClass({ platform }: PlannedCluster): KubernetesObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name: GATEWAY_CLASS, labels: systemLabels(platform, COMPONENT, "gateway-class") },
    spec: { controllerName: CONTROLLER_NAME },
  };
}

export function envoyProxy(cluster: PlannedCluster, tls: boolean): KubernetesObject {
  const { name } = DATA_PLANE;
  const replicas = replicasOf(cluster);
  return {
    apiVersion: ENVOY_API,
    kind: "EnvoyProxy",
    metadata: {
      name: GATEWAY,
      namespace: NAMESPACE,
      labels: systemLabels(cluster.platform, COMPONENT, "proxy"),
    },
    spec: {
      ...(asksForClient(cluster.routes)
        ? { backendTLS: { clientCertificateRef: { kind: "Secret", name: CLIENT_SECRET } } }
        : {}),
      provider: {
        type: "Kubernetes",
        kubernetes: {
          envoyDeployment: {
            name,
            replicas,
            container: {
              image: cluster.versions.image("envoy"),
              resources: RESOURCES.dataPlane,
            },
          },
          envoyService: { name, ...service(cluster, tls) },
          envoyServiceAccount: { name },
          ...(replicas > 1 ? { envoyPDB: { maxUnavailable: 1 } } : {}),
        },
      },
    },
  };
}

function service({ network }: PlannedCluster, tls: boolean): Fields {
  const nodePorts = nodePortsOf(network);
  // Keeps the client's address, which logs and rate limits need.
  if (nodePorts === undefined) return { type: "LoadBalancer", externalTrafficPolicy: "Local" };
  const ports = [
    { port: HTTP_PORT, nodePort: nodePorts.http },
    ...(tls ? [{ port: HTTPS_PORT, nodePort: nodePorts.https }] : []),
  ];
  return {
    type: "LoadBalancer",
    // The machine's ports lead to any node, so any node must answer.
    externalTrafficPolicy: "Cluster",
    patch: { type: "StrategicMerge", value: { spec: { ports } } },
  };
}

/** HTTP/3 stays off by leaving it out: it would need a UDP port from the load balancer to the pods. */
export function clientTrafficPolicy(
  { platform }: PlannedCluster,
  { trustedProxies, proxyProtocol }: ClientAddressOptions,
): KubernetesObject {
  return {
    apiVersion: ENVOY_API,
    kind: "ClientTrafficPolicy",
    metadata: {
      name: GATEWAY,
      namespace: NAMESPACE,
      labels: systemLabels(platform, COMPONENT, "clients"),
    },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: GATEWAY }],
      ...(trustedProxies.length === 0
        ? {}
        : { clientIPDetection: { xForwardedFor: { trustedCIDRs: trustedProxies } } }),
      ...(proxyProtocol ? { proxyProtocol: { optional: false } } : {}),
      tls: { minVersion: "1.2" },
    },
  };
}

// The k3d config file, `k3d.io/v1alpha5` Simple. Keys: k3d v5.9.0 pkg/config/v1alpha5/schema.json and
// docs/usage/configfile.md; k3s flags: k3s documentation, "server".

import { stringify } from "yaml";

import type { PlannedCluster } from "../../../model/index.ts";
import { placed } from "../../../model/index.ts";
import { nodePortsOf } from "../node-ports.ts";
import type { K3dOptions } from "./options.ts";

/** A logical path. */
export function k3dConfigurationFile({ target }: Pick<PlannedCluster, "target">): string {
  return `clusters/${target}/k3d.yaml`;
}

export function k3dConfiguration(cluster: PlannedCluster, options: K3dOptions): string {
  const header = [
    `# k3d cluster create --config ${placed(k3dConfigurationFile(cluster), cluster.layout)}`,
    `# clusters.${cluster.name}`,
    "",
  ].join("\n");
  return header + stringify(configuration(cluster, options), { lineWidth: 0 });
}

function configuration(
  { platform, target, network, slots }: PlannedCluster,
  options: K3dOptions,
): object {
  return {
    apiVersion: "k3d.io/v1alpha5",
    kind: "Simple",
    metadata: { name: `${platform}-${target}` },
    servers: options.servers,
    agents: options.agents,
    ...(options.image === undefined ? {} : { image: options.image }),
    kubeAPI: { hostIP: "127.0.0.1", hostPort: String(options.ports.api) },
    // k3d hands this network's addresses out from the start; the load balancer's pool lies at its end.
    subnet: options.subnet,
    ports: portMappings(network, options),
    registries: { config: mirrors(network, options) },
    options: {
      k3s: {
        extraArgs: [
          // MetalLB and the platform's own ingress take these two's place.
          serverArgument("--disable=traefik"),
          serverArgument("--disable=servicelb"),
          serverArgument(`--cluster-cidr=${network.podRange}`),
          serverArgument(`--service-cidr=${network.serviceRange}`),
          // Another plugin makes the pods' network, and enforces policies.
          ...(slots.some(({ provides }) => provides.includes("podNetwork"))
            ? [serverArgument("--flannel-backend=none"), serverArgument("--disable-network-policy")]
            : []),
        ],
      },
    },
  };
}

function serverArgument(arg: string): object {
  return { arg, nodeFilters: ["server:*"] };
}

/** Without k3s' own service load balancer only NodePorts listen on the nodes. */
function portMappings(network: PlannedCluster["network"], { ports }: K3dOptions): object[] {
  const nodePorts = nodePortsOf(network);
  if (nodePorts === undefined) return [];
  const mapping = (host: number, node: number): object => ({
    port: `127.0.0.1:${host}:${node}`,
    nodeFilters: ["loadbalancer"],
  });
  return [
    mapping(ports.http, nodePorts.http),
    mapping(ports.https, nodePorts.https),
    mapping(ports.registry, nodePorts.registry),
  ];
}

/** `localhost:5000/…` names the registry on the machine and, through this mirror, on every node. */
function mirrors(network: PlannedCluster["network"], { ports }: K3dOptions): string {
  const nodePort = nodePortsOf(network)?.registry ?? ports.registry;
  const endpoint = [`http://127.0.0.1:${nodePort}`];
  return stringify({ mirrors: { [`localhost:${ports.registry}`]: { endpoint } } });
}

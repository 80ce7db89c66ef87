// k3d: k3s nodes as Docker containers on a developer's machine.

import { nthAddress, parseCidr } from "../../../core/index.ts";
import { defineSubstrate } from "../../../model/index.ts";
import type { NodeGroup, PlannedExposure } from "../../../model/index.ts";
import { catalogueFacts } from "../catalogue-facts.ts";
import { k3dConfiguration, k3dConfigurationFile } from "./configuration.ts";
import { k3dSchema, type K3dOptions } from "./options.ts";

/** Counted from the end of the network: `.255.200` to `.255.250` of a /16. */
const POOL_FIRST = -56;
const POOL_LAST = -6;

export const k3dSubstrate = defineSubstrate<K3dOptions>({
  name: "k3d",
  options: k3dSchema,
  facts: () => catalogueFacts("k3d"),
  nodes: ({ servers, agents }) => [
    nodeGroup("server", "control-plane", servers),
    ...(agents === 0 ? [] : [nodeGroup("agent", "worker", agents)]),
  ],
  network: ({ subnet, ports }) => ({
    nodeRange: subnet,
    ...poolAtTheEnd(subnet),
    hostPorts: ports,
  }),
  exposures: ({ ports }) => [
    onThisMachine("api", ports.api, "kubectl on this machine", API_LIMIT),
    onThisMachine("registry", ports.registry, "images of this machine by one name", PUSH_LIMIT),
  ],
  emit: ({ cluster, path }, options) => ({
    files: [
      { file: k3dConfigurationFile(cluster), text: k3dConfiguration(cluster, options), path },
    ],
  }),
});

/** max-requests-inflight and max-mutating-requests-inflight of kube-apiserver, as they are by default. */
const API_LIMIT = "400 reading and 200 writing requests at once";
const PUSH_LIMIT = "who is on this machine";

/** k3d's configuration binds them to 127.0.0.1. */
function onThisMachine(
  name: string,
  port: number,
  reason: string,
  limit: string,
): Omit<PlannedExposure, "origin"> {
  const opens = { kind: "machine-port", name } as const;
  return { name, opens, ports: [port], reason, allowFrom: ["127.0.0.1/32"], limit };
}

/** Nodes share the machine; these are figures to plan with, not limits Docker enforces. */
function nodeGroup(name: string, role: NodeGroup["role"], count: number): NodeGroup {
  return { name, role, count, cpu: "2", memory: "4Gi", zones: ["local"] };
}

function poolAtTheEnd(subnet: string): { readonly loadBalancerRange?: string } {
  const network = parseCidr(subnet);
  if (network === undefined) return {};
  const first = nthAddress(network, POOL_FIRST);
  const last = nthAddress(network, POOL_LAST);
  return first === undefined || last === undefined ? {} : { loadBalancerRange: `${first}-${last}` };
}

// k3s on servers of one's own that Ansible configures: kube-router enforces policies, servicelb and traefik are disabled so
// that they do not fight the platform's own load balancer and ingress.

import { defineSubstrate } from "../../../model/index.ts";
import { catalogueFacts } from "../catalogue-facts.ts";
import { ansibleK3sSchema, type AnsibleK3sOptions } from "./options.ts";

export const ansibleK3sSubstrate = defineSubstrate<AnsibleK3sOptions>({
  name: "ansible-k3s",
  options: ansibleK3sSchema,
  facts: ({ kubernetes }) => ({ ...catalogueFacts("ansible-k3s"), kubernetes }),
  nodes: ({ servers, agents }) => [
    // Servers take ordinary pods, too, unless k3s is told otherwise.
    { name: "server", role: "control-plane", ...servers, zones: ["local"] },
    ...(agents.count === 0
      ? []
      : [{ name: "agent", role: "worker" as const, ...agents, zones: ["local"] }]),
  ],
  network: ({ podRange, serviceRange, nodeRange }, { network }) => {
    const machines = nodeRange ?? network;
    return {
      ...(machines === undefined ? {} : { nodeRange: machines }),
      ...(podRange === undefined ? {} : { podRange }),
      ...(serviceRange === undefined ? {} : { serviceRange }),
    };
  },
});

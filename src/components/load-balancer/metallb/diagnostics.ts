// What can be wrong with a pool of addresses.

import { defineDiagnostic } from "../../../core/index.ts";

export const addressesMissing = defineDiagnostic<{ readonly cluster: string }>({
  code: "load-balancer/addresses-missing",
  severity: "error",
  message: ({ cluster }) => `metallb has no addresses to hand out on ${cluster}`,
  hint: () => 'add addresses: "<first>-<last>" inside the network of the nodes',
});

export const addressesOutsideNodes = defineDiagnostic<{
  readonly addresses: string;
  readonly nodeRange: string;
}>({
  code: "load-balancer/addresses-outside-nodes",
  severity: "error",
  message: ({ addresses, nodeRange }) =>
    `${addresses} is outside ${nodeRange}, the network of the nodes; nobody there would ask for it`,
  hint: ({ nodeRange }) => `choose addresses inside ${nodeRange}`,
});

export const addressesWhereDockerAllocates = defineDiagnostic<{
  readonly addresses: string;
  readonly allocated: string;
}>({
  code: "load-balancer/addresses-where-docker-allocates",
  severity: "error",
  message: ({ addresses, allocated }) =>
    `${addresses} overlaps ${allocated}, from which Docker gives containers their addresses`,
  hint: () => "choose addresses at the end of the network",
});

export const loadBalancerNotNeeded = defineDiagnostic<{
  readonly cluster: string;
  readonly substrate: string;
}>({
  code: "load-balancer/not-needed",
  severity: "warning",
  message: ({ cluster, substrate }) =>
    `${cluster} runs on ${substrate}, which gives LoadBalancer Services their addresses; metallb would compete with it`,
  hint: () => "set loadBalancer: null for this environment",
});

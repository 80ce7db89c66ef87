// Which addresses the pool holds, and whether the network allows them.

import type { Path } from "../../../core/index.ts";
import { formatRange, parseRange, rangeContains, rangesOverlap } from "../../../core/index.ts";
import type { ResolveContext } from "../../../model/index.ts";
import { dockerAllocationRange } from "../../substrates/docker-network.ts";
import {
  addressesMissing,
  addressesOutsideNodes,
  addressesWhereDockerAllocates,
  loadBalancerNotNeeded,
} from "./diagnostics.ts";
import type { MetallbOptions } from "./options.ts";

export function settleAddresses(context: ResolveContext, options: MetallbOptions): MetallbOptions {
  const { cluster, path, report } = context;
  const { substrate } = cluster;
  if (substrate.loadBalancer) {
    const facts = { cluster: cluster.name, substrate: substrate.displayName };
    report(loadBalancerNotNeeded(path, facts));
  }
  const addresses = options.addresses ?? cluster.network.loadBalancerRange;
  if (addresses === undefined) {
    report(addressesMissing(path, { cluster: cluster.name }));
    return options;
  }
  checkAddresses(context, addresses, [...path, "addresses"]);
  return { addresses };
}

function checkAddresses({ cluster, report }: ResolveContext, addresses: string, at: Path): void {
  const { nodeRange } = cluster.network;
  const pool = parseRange(addresses);
  const nodes = parseRange(nodeRange);
  if (pool === undefined || nodes === undefined) return;
  if (!rangeContains(nodes, pool)) {
    report(addressesOutsideNodes(at, { addresses, nodeRange }));
    return;
  }
  if (cluster.substrate.kind !== "k3d") return;
  const allocated = dockerAllocationRange(nodeRange);
  if (allocated !== undefined && rangesOverlap(allocated, pool)) {
    report(addressesWhereDockerAllocates(at, { addresses, allocated: formatRange(allocated) }));
  }
}

// The names of the registry. People push to the name behind the gateway; on a laptop also to `localhost:5000`, which the
// nodes mirror. Pods never pull: nodes do, so a name that only resolves inside the cluster is of no use in an image.

import { parseImageReference } from "../../../model/index.ts";
import type { PlannedApp, PlannedCluster } from "../../../model/index.ts";

type Cluster = Pick<PlannedCluster, "domain" | "network">;

export function publicHost({ domain }: Pick<Cluster, "domain">): string {
  return `registry.${domain}`;
}

/** As they stand in image references; the first is the one to recommend. */
export function registryHosts(cluster: Cluster): readonly string[] {
  const { hostPorts } = cluster.network;
  if (hostPorts === undefined) return [publicHost(cluster)];
  return [`localhost:${hostPorts.registry}`, `${publicHost(cluster)}:${hostPorts.http}`];
}

export function pullsFrom(cluster: Cluster, { image }: Pick<PlannedApp, "image">): boolean {
  const repository = parseImageReference(image)?.repository ?? image;
  return registryHosts(cluster).some((host) => repository.startsWith(`${host}/`));
}

// How many watches a server has open, as `/metrics` counts them.

import type { ServedCluster } from "./served-cluster.ts";

export async function openWatches(cluster: ServedCluster, resource: string): Promise<number> {
  const { text } = await cluster.get("/metrics");
  const samples = text
    .split("\n")
    .filter((line) => line.startsWith("apiserver_longrunning_requests{"))
    .filter((line) => line.includes(`resource="${resource}"`));
  return samples.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

// In which order things happened on a cluster: every write of its store, held against named events, each noted when it first
// holds.

import type { StoreEvent } from "../../src/cluster/index.ts";
import { parseApiVersion, type KubernetesObject } from "../../src/kubernetes/index.ts";
import type { SmallPlatform } from "./small-platform.ts";

export interface Awaited {
  readonly name: string;
  holds(object: KubernetesObject, type: StoreEvent["type"]): boolean;
}

/** The revision of the newest write. */
export const now = ({ platform }: SmallPlatform): number =>
  platform.hub.cluster.context.store.revision;

/** Names of the events, in the order in which they came true after that revision. */
export async function orderOf(
  { clock, platform }: SmallPlatform,
  after: number,
  events: readonly Awaited[],
): Promise<string[]> {
  const { api, context } = platform.hub.cluster;
  const writes: StoreEvent[] = [];
  const watches = (await api.discovery()).map(({ apiVersion, resource }) =>
    context.store.watch(
      { resource: `${parseApiVersion(apiVersion).group}/${resource}`, after },
      (batch) => void writes.push(...batch),
    ),
  );
  await clock.settle();
  watches.forEach((watch) => watch.stop());
  const seen = new Set<string>();
  for (const { object, type } of writes.toSorted((a, b) => a.revision - b.revision))
    for (const { name, holds } of events)
      // Stored objects have the form of the API.
      if (!seen.has(name) && holds(object as unknown as KubernetesObject, type)) seen.add(name);
  return [...seen];
}

// What one provider of a cluster serves.

import type { PlannedCluster, PlannedIntent } from "../contracts/plan.ts";
import { INTENT_KINDS, SERVED_PLACES, type ProviderKey, type ServedPlace } from "./intent-kinds.ts";

type Intents = Pick<PlannedCluster, "apps" | ServedPlace>;

/** `intentsOf(cluster, "mysql")`: its MySQL databases. */
export function intentsOf(cluster: Intents, serves: ProviderKey): readonly PlannedIntent[] {
  if (serves === "app") return cluster.apps;
  return servedBy(cluster).filter(({ provider }) => provider === serves);
}

/** Everything but the apps themselves. */
export function servedBy(cluster: Pick<Intents, ServedPlace>): readonly PlannedIntent[] {
  return SERVED_PLACES.flatMap((place): readonly PlannedIntent[] => cluster[place]);
}

/** What stands at a place of the definition; undefined where no intents do. */
export function intentsAt(cluster: Intents, place: unknown): readonly PlannedIntent[] | undefined {
  if (place === "apps") return cluster.apps;
  const found = INTENT_KINDS.find((one) => one.place === place);
  return found && cluster[found.place];
}

// What there is and what is wanted on a cluster, by ability and never by a product's name.

import type { Capability, PlannedCluster } from "./contracts/plan.ts";
import type { SubstrateFacts } from "./contracts/substrate-facts.ts";

type Chosen = Pick<PlannedCluster, "slots" | "providers" | "substrate">;

/** Some chosen component, or the substrate by itself, can do this. */
export function isProvided(
  { slots, providers, substrate }: Chosen,
  capability: Capability,
): boolean {
  return (
    substrateCapabilities(substrate).includes(capability) ||
    [...slots, ...providers].some(({ provides }) => provides.includes(capability))
  );
}

/** Some chosen component asks for this. */
export function isNeeded(
  { slots, providers }: Omit<Chosen, "substrate">,
  capability: Capability,
): boolean {
  return [...slots, ...providers].some(({ needs }) => needs.includes(capability));
}

export function substrateCapabilities(substrate: SubstrateFacts): Capability[] {
  return [
    ...(substrate.loadBalancer ? ["loadBalancer"] : []),
    ...(substrate.enforcesNetworkPolicy ? ["networkPolicy"] : []),
    ...(substrate.nodeAutoscaler ? ["nodeAutoscaler"] : []),
  ];
}

type Keepers = Pick<PlannedCluster, "slots">;

/** Whether values of this provider of secrets go to their app alone, with no Kubernetes Secret of theirs. */
export function isInjected(cluster: Keepers, provider: string | undefined): boolean {
  return keeps(cluster, provider, "secretInjection");
}

/** Whether somebody beside the platform makes the Secrets of this provider. */
export function isByHand(cluster: Keepers, provider: string | undefined): boolean {
  return keeps(cluster, provider, "secretByHand");
}

function keeps({ slots }: Keepers, provider: string | undefined, ability: Capability): boolean {
  return slots.some(
    ({ slot, key, provides }) =>
      slot === "secrets" && key === provider && provides.includes(ability),
  );
}

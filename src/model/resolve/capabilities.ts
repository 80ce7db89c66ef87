// Whether the abilities components ask for are there: from another component, or from the substrate by itself.

import { substrateCapabilities } from "../abilities.ts";
import type { AnyComponent, Registry } from "../contracts/component.ts";
import type { Capability } from "../contracts/plan.ts";
import { missingCapability } from "../plan-diagnostics.ts";
import type { Choices } from "./choices.ts";
import type { Resolution } from "./resolve-plan.ts";

export function checkCapabilities(
  { registry, report }: Pick<Resolution, "registry" | "report">,
  { cluster, filled, provided }: Choices,
): void {
  const uses = [...filled, ...provided];
  const available = new Set([
    ...substrateCapabilities(cluster.substrate),
    ...uses.flatMap(({ component }) => component.provides),
  ]);
  for (const { component, choice } of uses) {
    for (const capability of component.needs ?? []) {
      if (available.has(capability)) continue;
      const fillers = fillersOf(registry, capability);
      const facts = { component: component.name, capability, cluster: cluster.name, fillers };
      report(missingCapability(choice.path, facts));
    }
  }
}

/** Everything that could provide it, as a person would write it. */
export function fillersOf({ components }: Registry, capability: Capability): string[] {
  return components.flatMap((component) => writtenAs(component, capability)).toSorted();
}

/** How a person would add it: `loadBalancer: metallb`. */
function writtenAs(component: AnyComponent, capability: Capability): string[] {
  if (component.family === "slot" && component.provides.includes(capability)) {
    return [`${component.slot}: ${component.name}`];
  }
  if (component.family === "provider" && component.provides.includes(capability)) {
    return [`providers.${component.serves}: ${component.name}`];
  }
  return [];
}

// A developer's own machine: one zone, no network of its own that others could reach.

import { defineSite, object, type Tagged } from "../../../model/index.ts";

export type DeveloperMachineOptions = Record<never, never>;

export const developerMachineSite = defineSite<DeveloperMachineOptions>({
  name: "developer-machine",
  options: object<DeveloperMachineOptions>({}),
  facts: () => ({}),
});

/** A laptop or workstation. */
export function developerMachine(): Tagged<"developer-machine", DeveloperMachineOptions> {
  return { kind: "developer-machine" };
}

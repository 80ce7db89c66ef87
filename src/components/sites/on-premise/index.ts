// Machines of one's own in one place.

import { defineSite, object, optional, string, type Tagged } from "../../../model/index.ts";

export interface OnPremiseOptions {
  /** Range of the machines, e.g. `192.168.40.0/22`. Overlaps with no other site. */
  network: string;
  /** What people call the place. Default: nothing. */
  region?: string;
}

export const onPremiseSite = defineSite<OnPremiseOptions>({
  name: "on-premise",
  options: object<OnPremiseOptions>({ network: string("cidr"), region: optional(string()) }),
  facts: ({ network, region }) => ({ network, ...(region === undefined ? {} : { region }) }),
});

/** A data centre, an office, a cellar. */
export function onPremise(options: OnPremiseOptions): Tagged<"on-premise", OnPremiseOptions> {
  return { kind: "on-premise", ...options };
}

// A region of Microsoft Azure.

import { defineSite, object, string, type Tagged } from "../../../model/index.ts";

export interface AzureOptions {
  /** Region, e.g. `germanywestcentral`. */
  region: string;
  /** Range of the virtual network the machines stand in, e.g. `10.100.0.0/16`. Overlaps with no other site. */
  network: string;
}

export const azureSite = defineSite<AzureOptions>({
  name: "azure",
  options: object<AzureOptions>({ region: string(), network: string("cidr") }),
  facts: ({ region, network }) => ({ region, network }),
});

/** One virtual network in one Azure region. */
export function azure(options: AzureOptions): Tagged<"azure", AzureOptions> {
  return { kind: "azure", ...options };
}

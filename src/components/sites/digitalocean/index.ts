// A region of DigitalOcean.

import { defineSite, object, string, type Tagged } from "../../../model/index.ts";

export interface DigitaloceanOptions {
  /** Region, e.g. `nyc3`. */
  region: string;
  /** Range of the VPC the machines stand in, e.g. `10.100.0.0/16`. Overlaps with no other site. */
  network: string;
}

export const digitaloceanSite = defineSite<DigitaloceanOptions>({
  name: "digitalocean",
  options: object<DigitaloceanOptions>({ region: string(), network: string("cidr") }),
  facts: ({ region, network }) => ({ region, network }),
});

/** One VPC in one DigitalOcean region. */
export function digitalocean(
  options: DigitaloceanOptions,
): Tagged<"digitalocean", DigitaloceanOptions> {
  return { kind: "digitalocean", ...options };
}

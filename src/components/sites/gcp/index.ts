// A region of Google Cloud.

import { defineSite, object, string, type Tagged } from "../../../model/index.ts";

export interface GcpOptions {
  /** Region, e.g. `europe-west3`. */
  region: string;
  /** Range of the VPC the machines stand in, e.g. `10.100.0.0/16`. Overlaps with no other site. */
  network: string;
}

export const gcpSite = defineSite<GcpOptions>({
  name: "gcp",
  options: object<GcpOptions>({ region: string(), network: string("cidr") }),
  facts: ({ region, network }) => ({ region, network }),
});

/** One VPC in one Google Cloud region. */
export function gcp(options: GcpOptions): Tagged<"gcp", GcpOptions> {
  return { kind: "gcp", ...options };
}

// A region of Amazon Web Services.

import { defineSite, object, string, type Tagged } from "../../../model/index.ts";

export interface AwsOptions {
  /** Region, e.g. `eu-central-1`. */
  region: string;
  /** Range of the VPC the machines stand in, e.g. `10.100.0.0/16`. Overlaps with no other site. */
  network: string;
}

export const awsSite = defineSite<AwsOptions>({
  name: "aws",
  options: object<AwsOptions>({ region: string(), network: string("cidr") }),
  facts: ({ region, network }) => ({ region, network }),
});

/** One VPC in one AWS region. */
export function aws(options: AwsOptions): Tagged<"aws", AwsOptions> {
  return { kind: "aws", ...options };
}

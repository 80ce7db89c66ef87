// Options of an EKS cluster.

import { boolean, integer, object, optional, string, type Tagged } from "../../../model/index.ts";
import { instanceSize } from "./instance-size.ts";

export interface EksInput {
  /** Kubernetes minor, e.g. `1.35`. */
  kubernetes: string;
  /** The node group. */
  nodes: EksNodes;
  /**
   * The VPC CNI add-on runs with `enableNetworkPolicy`. Without it no NetworkPolicy has any effect, which the checks refuse.
   * Default false, as in the add-on.
   */
  networkPolicy?: boolean;
  /** Availability zones the nodes stand in. Default 3. */
  zones?: number;
  /** Range of Services. Default 172.20.0.0/16. */
  serviceRange?: string;
}

export interface EksNodes {
  /** Nodes there always are. */
  min: number;
  /** Nodes there may be when pods do not fit. */
  max: number;
  /** EC2 instance type, e.g. `m6i.large`. */
  size: string;
}

export interface EksOptions {
  readonly kubernetes: string;
  readonly nodes: Readonly<EksNodes>;
  readonly networkPolicy: boolean;
  readonly zones: number;
  readonly serviceRange?: string;
}

const INSTANCE_TYPE = {
  expected: 'an EC2 type of the families c, m, r or t such as "m6i.large"',
  problem: (text: string) => (instanceSize(text) === undefined ? "" : undefined),
  jsonSchema: { minLength: 1 },
};

export const eksSchema = object<EksInput, EksOptions>({
  kubernetes: string("kubernetesVersion"),
  nodes: object<EksNodes>({
    min: integer({ min: 1, max: 1000 }),
    max: integer({ min: 1, max: 1000 }),
    size: string(INSTANCE_TYPE),
  }),
  networkPolicy: optional(boolean(), false),
  zones: optional(integer({ min: 1, max: 6 }), 3),
  serviceRange: optional(string("cidr")),
});

/** Amazon EKS. */
export function eks(
  options: EksInput & { site: string },
): Tagged<"eks", EksInput & { site: string }> {
  return { kind: "eks", ...options };
}

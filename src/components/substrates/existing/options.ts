// Options of a cluster that is already there. Keelson cannot look at it while compiling, so what matters is stated.

import {
  boolean,
  integer,
  object,
  optional,
  port,
  string,
  type Tagged,
} from "../../../model/index.ts";

export interface ExistingInput {
  /** The nodes as they are. Default: three workers of 4 CPU and 16Gi. */
  nodes?: ExistingNodes;
  /** A Service of type LoadBalancer gets an address by itself. Default true. */
  loadBalancer?: boolean;
  /** Its CNI enforces NetworkPolicy. Default true. */
  networkPolicy?: boolean;
  /** Failure zones the nodes stand in. Default 1. */
  zones?: number;
  /** Default StorageClass. Default: whatever the cluster marks as default. */
  storageClass?: string;
  /** Default 10.244.0.0/16. */
  podRange?: string;
  /** Default 10.96.0.0/12. */
  serviceRange?: string;
  /** Network of the machines. Default: the site's. */
  nodeRange?: string;
  /** Port of the API server as pods reach it. Default 443. */
  apiServerPort?: number;
}

export interface ExistingNodes {
  /** Default 3. */
  count?: number;
  /** CPU a node. Default 4. */
  cpu?: string;
  /** Memory a node. Default 16Gi. */
  memory?: string;
  /** What volumes may take of a node's disks. Default: not stated, and not added up. */
  storage?: string;
}

export interface ExistingNodesSettings extends Required<Omit<ExistingNodes, "storage">> {
  storage?: string;
}

export interface ExistingOptions {
  readonly nodes: Readonly<ExistingNodesSettings>;
  readonly loadBalancer: boolean;
  readonly networkPolicy: boolean;
  readonly zones: number;
  readonly storageClass?: string;
  readonly podRange?: string;
  readonly serviceRange?: string;
  readonly nodeRange?: string;
  readonly apiServerPort: number;
}

export const existingSchema = object<ExistingInput, ExistingOptions>({
  nodes: optional(
    object<ExistingNodes, ExistingNodesSettings>({
      count: optional(integer({ min: 1, max: 5000 }), 3),
      cpu: optional(string("quantity"), "4"),
      memory: optional(string("quantity"), "16Gi"),
      storage: optional(string("quantity")),
    }),
    {},
  ),
  loadBalancer: optional(boolean(), true),
  networkPolicy: optional(boolean(), true),
  zones: optional(integer({ min: 1, max: 26 }), 1),
  storageClass: optional(string("dnsLabel")),
  podRange: optional(string("cidr")),
  serviceRange: optional(string("cidr")),
  nodeRange: optional(string("cidr")),
  apiServerPort: optional(port(), 443),
});

/** Any conformant cluster somebody else made. */
export function existing(
  options: ExistingInput & { site: string },
): Tagged<"existing", ExistingInput & { site: string }> {
  return { kind: "existing", ...options };
}

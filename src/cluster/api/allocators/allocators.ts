// Addresses and ports the API hands out: cluster IPs of services and their node ports.

import type { AddressAllocator } from "./address-allocator.ts";
import type { PortAllocator } from "./port-allocator.ts";

export interface Allocators {
  readonly clusterIPs: AddressAllocator;
  readonly nodePorts: PortAllocator;
}

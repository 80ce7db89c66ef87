// How MetalLB acts inside an embedded cluster: addresses for LoadBalancer Services. Announcing them is the network's.

import type { Behaviour } from "../../../model/index.ts";
import { addressController } from "./behaviour/address-controller.ts";

export const behaviour: Behaviour = {
  source: "metallb controller/service.go and internal/allocator, v0.16",
  workload: "metallb-controller",
  controllers: () => [addressController],
};

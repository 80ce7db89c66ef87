// How Istio's gateway acts inside an embedded cluster: as an implementation of the Gateway API whose data plane is the chart's
// Service (a manual deployment: spec.addresses names it). Mirrors pilot/pkg/config/kube/gateway of istio/istio 1.30.

import type { Behaviour } from "../../../model/index.ts";
import { gatewayApiBehaviour } from "../gateway-api/behaviour/index.ts";
import { CONTROLLER, DATA_PLANE } from "./surface.ts";

const decided = gatewayApiBehaviour(
  { controllerName: CONTROLLER, dataPlaneService: () => DATA_PLANE.name },
  "istio/istio pilot/pkg/config/kube/gateway, 1.30",
);

export const behaviour: Behaviour = { ...decided, workload: DATA_PLANE.name };

// How Envoy Gateway acts inside an embedded cluster: the Gateway API, and its own policies on routes.

import type { Behaviour } from "../../../model/index.ts";
import { gatewayApiBehaviour } from "../gateway-api/behaviour/index.ts";
import { routePolicies } from "./route-policies.ts";
import { CONTROL_PLANE, CONTROLLER_NAME, DATA_PLANE } from "./surface.ts";

const decided = gatewayApiBehaviour(
  { controllerName: CONTROLLER_NAME, dataPlaneService: () => DATA_PLANE.name },
  "envoyproxy/gateway internal/gatewayapi, v1.9.0",
  routePolicies,
);

export const behaviour: Behaviour = { ...decided, workload: CONTROL_PLANE.name };

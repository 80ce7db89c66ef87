// How NGINX Gateway Fabric acts inside an embedded cluster. Its provisioner names a gateway's data plane
// `<gateway>-<class>`: internal/controller/provisioner at v2.6.7.

import type { Behaviour } from "../../../model/index.ts";
import { gatewayApiBehaviour } from "../gateway-api/behaviour/index.ts";
import { routePolicies } from "./route-policies.ts";
import { CONTROL_PLANE } from "./surface.ts";

const decided = gatewayApiBehaviour(
  {
    controllerName: "gateway.nginx.org/nginx-gateway-controller",
    dataPlaneService: ({ metadata, spec }) => {
      const { gatewayClassName } = spec as { readonly gatewayClassName: string };
      return `${metadata.name}-${gatewayClassName}`;
    },
  },
  "nginx/nginx-gateway-fabric internal/controller, v2.6.7",
  routePolicies,
);

export const behaviour: Behaviour = { ...decided, workload: CONTROL_PLANE.name };

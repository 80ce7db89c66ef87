// A Gateway API implementation inside an embedded cluster, shared by every ingress component that is one.

import type { Behaviour, BehaviourContext, RequestHandling } from "../../../../model/index.ts";
import { gatewayClassController } from "./gateway-class-controller.ts";
import { gatewayController, type GatewayImplementation } from "./gateway-controller.ts";
import { httpRouteController } from "./http-route-controller.ts";
import {
  GATEWAY,
  GATEWAY_CLASS,
  HTTP_ROUTE,
  NAMESPACE,
  SERVICE,
  type GatewayClass,
  type HttpRoute,
} from "./resources.ts";
import { createRouteTable } from "./route-table.ts";

export type { GatewayImplementation } from "./gateway-controller.ts";

/** What an implementation's own policies do to the requests of a route. */
export type RoutePolicies = (
  context: BehaviourContext,
) => (route: HttpRoute) => Partial<RequestHandling>;

/** `source` names what is mirrored beyond the Gateway API itself. */
export function gatewayApiBehaviour(
  implementation: GatewayImplementation,
  source: string,
  policies?: RoutePolicies,
): Behaviour {
  return {
    source: `Gateway API v1.6 (HTTPRoute precedence, attachment, status); ${source}`,
    controllers: () => [
      gatewayClassController(implementation.controllerName),
      gatewayController(implementation),
      httpRouteController(implementation),
    ],
    routes: (context) => {
      const classes = context.informer(GATEWAY_CLASS);
      return createRouteTable({
        gateways: context.informer(GATEWAY),
        routes: context.informer(HTTP_ROUTE),
        namespaces: context.informer(NAMESPACE),
        services: context.informer(SERVICE),
        ...(policies === undefined ? {} : { policiesOf: policies(context) }),
        isOurs: (gateway) => {
          const found = classes.get(gateway.spec.gatewayClassName) as GatewayClass | undefined;
          return found?.spec.controllerName === implementation.controllerName;
        },
      });
    },
  };
}

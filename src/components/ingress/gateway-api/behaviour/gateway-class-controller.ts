// Accepts the GatewayClasses that name this implementation's controller.

import { deepEqual } from "../../../../core/index.ts";
import type { ControllerFactory } from "../../../../kubernetes/index.ts";
import { conditionsOf } from "./conditions.ts";
import { GATEWAY_CLASS, type GatewayClass } from "./resources.ts";

export function gatewayClassController(controllerName: string): ControllerFactory {
  return (context) => {
    const classes = context.informer(GATEWAY_CLASS);
    return {
      name: "gateway-class",
      setup: (enqueue) => classes.onChange((current) => current && enqueue(current.metadata.name)),
      async reconcile(name) {
        const object = classes.get(name) as GatewayClass | undefined;
        if (object === undefined || object.spec.controllerName !== controllerName) return;
        const known = object.status?.conditions ?? [];
        const accepted = {
          type: "Accepted",
          holds: true,
          reason: "Accepted",
          message: "The GatewayClass is accepted",
        };
        const about = { generation: object.metadata.generation ?? 1, clock: context.clock };
        const conditions = conditionsOf([accepted], known, about);
        if (deepEqual(conditions, known)) return;
        const body = { status: { conditions } };
        await context.api.patch(
          { ...GATEWAY_CLASS, name },
          { type: "merge", body },
          { subresource: "status" },
        );
      },
    };
  };
}

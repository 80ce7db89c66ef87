// How ingress-nginx acts inside an embedded cluster: it routes by Ingress objects and publishes its address in them.

import type { Behaviour } from "../../../../model/index.ts";
import { CONTROLLER } from "../surface.ts";
import { INGRESS, INGRESS_CLASS, SERVICE } from "./resources.ts";
import { createIngressRouteTable } from "./route-table.ts";
import { ingressStatusController } from "./status-controller.ts";

export const behaviour: Behaviour = {
  source: "kubernetes/ingress-nginx internal/ingress, controller-v1.15.1",
  workload: CONTROLLER.name,
  controllers: () => [ingressStatusController(CONTROLLER)],
  routes: (context) =>
    createIngressRouteTable({
      ingresses: context.informer(INGRESS),
      classes: context.informer(INGRESS_CLASS),
      services: context.informer(SERVICE),
    }),
};

// How Linkerd acts inside an embedded cluster: its injector puts proxies into the pods of namespaces that ask for them, its
// policy controller takes the routes that split requests between Services.

import type { Behaviour } from "../../../model/index.ts";
import { proxyInjector, proxyInjectorAway } from "./behaviour/inject.ts";
import { routeStatusController } from "./behaviour/route-status.ts";
import { INJECTOR } from "./surface.ts";

export const behaviours: readonly Behaviour[] = [
  {
    source: "linkerd/linkerd2 controller/proxy-injector, pkg/inject, edge-26.8.3",
    workload: INJECTOR,
    admission: () => [proxyInjector],
    admissionWhileAway: () => [proxyInjectorAway],
  },
  {
    source: "linkerd/linkerd2 policy-controller/k8s/status, edge-26.8.3",
    workload: "linkerd-destination",
    controllers: () => [routeStatusController],
  },
];

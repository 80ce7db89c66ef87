// How Linkerd's injector acts inside an embedded cluster: it puts proxies into the pods of namespaces that ask for them.

import type { Behaviour } from "../../../model/index.ts";
import { proxyInjector } from "./behaviour/inject.ts";
import { INJECTOR } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "linkerd/linkerd2 controller/proxy-injector, pkg/inject, edge-26.8.3",
  workload: INJECTOR,
  admission: () => [proxyInjector],
};

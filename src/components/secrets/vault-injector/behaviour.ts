// How the injector and its agents act inside an embedded cluster. No agent runs there: its containers keep their places, and what
// they would write lies in a Secret of the account's that stands in for memory shared with the app.

import type { Behaviour } from "../../../model/index.ts";
import { agentInjector, agentInjectorAway } from "./behaviour/inject.ts";
import { renderedSecrets } from "./behaviour/render.ts";
import { WORKLOAD } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "hashicorp/vault-k8s agent-inject, 1.7.6; Vault Agent template_config",
  workload: WORKLOAD,
  controllers: ({ secretStore }) => [renderedSecrets(secretStore)],
  admission: () => [agentInjector],
  admissionWhileAway: () => [agentInjectorAway],
};

// How Gatekeeper acts inside an embedded cluster: CEL templates are really evaluated; the one rule in Rego is judged by the
// platform's own expression of the same rule, and an event on its template says so.

import type { Behaviour } from "../../../model/index.ts";
import { auditController } from "./behaviour/audit-controller.ts";
import { templateController } from "./behaviour/template-controller.ts";
import { validationWebhook } from "./behaviour/webhook.ts";
import { CONTROLLER } from "./surface.ts";

export const behaviour: Behaviour = {
  source:
    "open-policy-agent/gatekeeper pkg/{webhook,audit,drivers/k8scel}, v3.23; Rego is not evaluated: a template in Rego is judged by the rule it was emitted for, any other is said to be without effect",
  workload: CONTROLLER,
  controllers: () => [templateController, auditController],
  admission: () => [validationWebhook],
};

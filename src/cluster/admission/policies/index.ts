// Admission that the users of a cluster configure: policies and webhooks.

import type { AdmissionPlugin } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../../api/index.ts";
import { mutatingPolicies } from "./mutating-policies.ts";
import { policyServer } from "./policy-server.ts";
import { validatingPolicies } from "./validating-policies.ts";
import type { WebhookNetwork } from "./webhook-call.ts";
import { mutatingWebhooks, validatingWebhooks } from "./webhooks.ts";

export type {
  WebhookNetwork,
  WebhookRequest,
  WebhookResponse,
  WebhookTransport,
} from "./webhook-call.ts";
export type { ReachPod } from "./webhook-service.ts";

/** Without a network every call of a webhook fails, and its failure policy decides. */
export function policyAdmission(
  context: Pick<ApiContext, "registry" | "authorizer" | "rng">,
  network: WebhookNetwork = {},
): readonly AdmissionPlugin[] {
  const server = policyServer(context, network);
  return [
    mutatingPolicies(server),
    mutatingWebhooks(server),
    validatingPolicies(server),
    validatingWebhooks(server),
  ];
}

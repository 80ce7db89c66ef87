// Admission that the users of a cluster configure: policies and webhooks.

import type { AdmissionPlugin } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../../api/index.ts";
import { policyServer } from "./policy-server.ts";
import { validatingPolicies } from "./validating-policies.ts";

export function policyAdmission({
  registry,
  authorizer,
}: Pick<ApiContext, "registry" | "authorizer">): readonly AdmissionPlugin[] {
  const server = policyServer(registry, authorizer);
  return [validatingPolicies(server)];
}

// The API server's own policies in CEL: no webhook that could be down, no chart. Source: Kubernetes documentation, "Validating
// Admission Policy" (stable since 1.30).

import { defineSlotFiller } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { planRules, settlePolicy, type PolicyOptions } from "../rules/index.ts";
import { policySchema } from "./options.ts";
import { bindingObject, policyObject } from "./policy.ts";

const AREA = "infrastructure/security";

export const validatingAdmissionPoliciesFiller = defineSlotFiller<PolicyOptions>({
  name: "validating-admission-policies",
  slot: "policy",
  area: AREA,
  provides: ["admissionPolicy"],
  options: policySchema,
  resolve: settlePolicy,
  emit({ cluster, path }, options) {
    const emitted = emitterFor(AREA, path);
    const { platform } = cluster;
    return {
      objects: planRules(cluster, options).flatMap((planned) => [
        emitted(policyObject(platform, planned), planned.rule.title),
        emitted(bindingObject(platform, planned)),
      ]),
    };
  },
});

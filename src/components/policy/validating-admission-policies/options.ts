// Options of the built-in policies: the rules' own.

import { object, type Tagged } from "../../../model/index.ts";
import { POLICY_SHAPE, type PolicyInput, type PolicyOptions } from "../rules/index.ts";

export interface ValidatingAdmissionPoliciesInput extends PolicyInput {}

export const policySchema = object<PolicyInput, PolicyOptions>(POLICY_SHAPE);

/** The platform's rules, enforced by the API server itself: nothing is installed. */
export function validatingAdmissionPolicies(
  options: ValidatingAdmissionPoliciesInput = {},
): Tagged<"validating-admission-policies", ValidatingAdmissionPoliciesInput> {
  return { kind: "validating-admission-policies", ...options };
}

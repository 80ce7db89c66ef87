// Whether RBAC allows a request, and why, in the words of kubernetes plugin/pkg/auth/authorizer/rbac/rbac.go.

import type { AuthorizationDecision, RequestAttributes } from "../authorization.ts";
import { aggregateErrors } from "./error-text.ts";
import { describeOrigin, visitRules } from "./resolve-rules.ts";
import type { RoleSource, RuleOrigin } from "./resolve-rules.ts";
import { ruleAllows } from "./rule-match.ts";

/** RBAC has no way to forbid: what no rule allows is refused, with a reason only when a bound role is missing. */
export function evaluateRbac(
  source: RoleSource,
  attributes: RequestAttributes,
): AuthorizationDecision {
  let allowedBy: RuleOrigin | undefined;
  const errors: string[] = [];
  visitRules(source, attributes.user, attributes.namespace, {
    rule(rule, origin) {
      if (!ruleAllows(rule, attributes)) return false;
      allowedBy = origin;
      return true;
    },
    missing: ({ message }) => void errors.push(message),
  });
  if (allowedBy !== undefined) {
    return { decision: "allow", reason: `RBAC: allowed by ${describeOrigin(allowedBy)}` };
  }
  return {
    decision: "deny",
    reason: errors.length === 0 ? "" : `RBAC: ${aggregateErrors(errors)}`,
  };
}

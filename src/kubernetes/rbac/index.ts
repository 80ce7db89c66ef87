export { aggregateErrors } from "./error-text.ts";
export { escalationFault, FULL_AUTHORITY } from "./escalation.ts";
export { evaluateRbac } from "./evaluate.ts";
export { bindingOf, RBAC_GROUP, roleRefOf, ruleRecord, rulesOfRole } from "./policy.ts";
export type { Binding, PolicyRule, RoleRef, Subject } from "./policy.ts";
export { referencedRules, rulesFor } from "./resolve-rules.ts";
export type { ResolvedRules, RoleSource } from "./resolve-rules.ts";
export { serviceAccountUser } from "./subject-match.ts";

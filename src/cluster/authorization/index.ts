export { escalationAdmission } from "./escalation-admission.ts";
export { createRbacAuthorizer, MASTERS_GROUP } from "./rbac-authorizer.ts";
export { createRbacIndex } from "./rbac-index.ts";
export { reconcilePolicy } from "./reconcile-policy.ts";

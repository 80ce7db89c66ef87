export { auditObjectRef } from "./audit-event.ts";
export type { AuditEvent, AuditObjectRef } from "./audit-event.ts";
export { auditLevel, auditPolicyOf } from "./audit-policy.ts";
export type { AuditLevel, AuditPolicy } from "./audit-policy.ts";

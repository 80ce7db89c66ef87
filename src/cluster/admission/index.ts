export { builtinAdmission } from "./builtin-admission.ts";
export { policyAdmission } from "./policies/index.ts";

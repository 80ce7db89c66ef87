export { builtinAdmission } from "./builtin-admission.ts";
export * from "./policies/index.ts";

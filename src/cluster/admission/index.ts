export { builtinAdmission } from "./builtin-admission.ts";

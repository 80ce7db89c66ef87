export { CHECKS } from "./checks/index.ts";
export { proofs, type Proof } from "./proofs/index.ts";
export type { Check, TargetView } from "./target-view.ts";
export { loadRules, verify, type VerifyInput } from "./verify.ts";
export { compliance, type ControlResult } from "./compliance.ts";

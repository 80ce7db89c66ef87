export * from "./admission/admission-scope.ts";
export * from "./admission/policy-compiler.ts";
export { appliedConfiguration, patchOperations } from "./admission/mutation-types.ts";
export * from "./create-environment.ts";
export type * from "./environment.ts";
export * from "./kubernetes-environment.ts";
export * from "./rules/definition-rules.ts";
export * from "./rules/validate-rules.ts";
export { CelError } from "./values/value.ts";

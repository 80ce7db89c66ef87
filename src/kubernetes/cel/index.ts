export * from "./create-environment.ts";
export type * from "./environment.ts";
export * from "./kubernetes-environment.ts";
export * from "./rules/definition-rules.ts";
export * from "./rules/validate-rules.ts";

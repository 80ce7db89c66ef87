export * from "./charge.ts";
export * from "./evaluator.ts";
export * from "./evaluators.ts";
export { releases } from "./pod-evaluator.ts";
export * from "./pod-totals.ts";
export * from "./quantities.ts";
export * from "./resource-quota.ts";
export * from "./usage.ts";

export * from "./evaluator.ts";
export * from "./network-policy.ts";
export * from "./port-set.ts";

export * from "./evaluator.ts";
export * from "./network-model.ts";
export * from "./network-policy.ts";
export * from "./port-set.ts";
export * from "./reachability.ts";

export * from "./container-defaults.ts";
export * from "./limit-faults.ts";
export * from "./limit-range.ts";

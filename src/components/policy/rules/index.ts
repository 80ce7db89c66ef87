export * from "./judge.ts";
export * from "./list.ts";
export * from "./options.ts";
export * from "./plan-rules.ts";
export type * from "./rule.ts";
export * from "./subjects.ts";

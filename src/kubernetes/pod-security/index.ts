export * from "./evaluate.ts";
export type { PodLike } from "./pod-fields.ts";
export * from "./policy.ts";

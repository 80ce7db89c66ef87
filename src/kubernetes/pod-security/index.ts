export * from "./evaluate.ts";
export type { PodLike } from "./pod-fields.ts";

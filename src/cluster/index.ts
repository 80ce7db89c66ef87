export * from "./cluster.ts";
export * from "./embedded-cluster.ts";
export * from "./store/index.ts";
export * from "./api/index.ts";
export * from "./serve/index.ts";
export { BRISK_DELAYS, FAST_DELAYS, GENERAL_DELAYS, type StageDelays } from "./nodes/index.ts";
export type { VolumeDelay } from "./controllers/index.ts";

export * from "./cluster.ts";
export * from "./store/index.ts";
export * from "./api/index.ts";

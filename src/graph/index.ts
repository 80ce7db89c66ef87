export * from "./create-graph.ts";
export * from "./derive-graph.ts";
export * from "./diagram.ts";
export * from "./flow-security.ts";
export * from "./hops.ts";
export * from "./mesh-encryption.ts";
export * from "./reach.ts";

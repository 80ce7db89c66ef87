export * from "./charts.ts";
export * from "./entry.ts";
export * from "./images.ts";
export * from "./kubernetes-support.ts";
export * from "./substrates.ts";
export * from "./workload-identity.ts";

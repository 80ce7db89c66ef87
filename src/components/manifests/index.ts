export * from "./chart-release.ts";
export * from "./emitted.ts";
export * from "./environment.ts";
export * from "./labels.ts";
export * from "./pod-template.ts";
export * from "./workload-objects.ts";
export * from "./system-workload.ts";
export * from "./platform-priority.ts";

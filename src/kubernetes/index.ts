export * from "./controller.ts";
export * from "./controller-runtime/index.ts";
export * from "./gvk.ts";
export * from "./kube-api.ts";
export * from "./object.ts";
export * from "./schemas/schema.ts";
export * from "./status.ts";

export * from "./inbound-proxy.ts";
export * from "./mesh-endpoints.ts";
export * from "./mesh-view.ts";
export * from "./outbound-proxy.ts";

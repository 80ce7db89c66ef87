export * from "./inbound-proxy.ts";
export * from "./mesh-endpoints.ts";
export * from "./live/mesh-data-plane.ts";
export * from "./mesh-view.ts";
export * from "./outbound-proxy.ts";

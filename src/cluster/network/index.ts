export * from "./machine-addresses.ts";
export type { NetworkMesh } from "./network-mesh.ts";
export * from "./process-network.ts";
export * from "./service-endpoints.ts";
export type { HostPort } from "./service-proxy.ts";

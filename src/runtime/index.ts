export * from "./embedded-target.ts";
export * from "./ingress/ingress-server.ts";
export * from "./platform.ts";
export * from "./sealing-key.ts";
export * from "./telemetry/index.ts";

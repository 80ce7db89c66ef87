export * from "./embedded-target.ts";
export type { IngressBackend } from "./ingress/endpoint-choice.ts";
export * from "./ingress/ingress-server.ts";
export type { HostAlias } from "./ingress/request-facts.ts";
export type { OnSpan, RequestSpan } from "./ingress/request-span.ts";
export * from "./platform.ts";
export * from "./sealing-key.ts";
export * from "./telemetry/index.ts";

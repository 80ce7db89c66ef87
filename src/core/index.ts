export * from "./clock.ts";
export * from "./diagnostic.ts";
export * from "./invariant.ts";
export * from "./json.ts";
export * from "./path.ts";
export * from "./rng.ts";
export * from "./span.ts";
export * from "./virtual-clock.ts";

export * from "./contracts/behaviour.ts";
export * from "./contracts/component.ts";
export * from "./contracts/emission.ts";
export * from "./contracts/graph.ts";
export * from "./contracts/plan.ts";
export * from "./definition.ts";
export * from "./intents/intents.ts";
export * from "./schema/schema.ts";

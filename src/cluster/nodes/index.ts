export * from "./heartbeat.ts";
export { metricsApi, metricsApiService } from "./load/metrics-api.ts";
export * from "./node-agent.ts";
export * from "./node-faults.ts";
export * from "./pod-stages.ts";
export { simulatedAgent } from "./simulated-agent.ts";
export type { SimulatedAgentOptions } from "./simulated-agent.ts";
export * from "./simulated-nodes.ts";
export { SIMULATION_ANNOTATIONS } from "./simulation-annotations.ts";

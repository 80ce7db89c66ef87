export * from "./secrets/plan-sealing.ts";
export * from "./secrets/local-secrets.ts";
export * from "./secrets/merge-secrets.ts";
export * from "./secrets/seal-secrets.ts";
export * from "./secrets/secret-values.ts";

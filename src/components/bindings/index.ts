export * from "./short-names.ts";
export * from "./variables.ts";

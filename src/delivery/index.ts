export * from "./follow.ts";
export * from "./bootstrap.ts";
export * from "./git/memory-source.ts";
export * from "./git/mirrored-source.ts";
export * from "./git/platform-repository.ts";
export * from "./push.ts";

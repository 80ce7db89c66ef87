export * from "./build-kustomization.ts";

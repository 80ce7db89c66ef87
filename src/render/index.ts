export * from "./build-kustomization.ts";
export * from "./helm/build-chart.ts";

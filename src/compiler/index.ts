export * from "./compile.ts";
export { applicationName, type ApplicationEntry } from "./layout/application-lists.ts";
export type { ChartEntry } from "./layout/chart-files.ts";
export { foldersOf } from "./layout/packaging.ts";
export * from "./manifest.ts";
export { formatYaml } from "./writers/yaml.ts";

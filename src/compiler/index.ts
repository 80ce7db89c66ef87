export * from "./compile.ts";
export * from "./compiled.ts";
export { applicationName, type ApplicationEntry } from "./layout/application-lists.ts";
export type { ChartEntry } from "./layout/chart-files.ts";
export { BOOTSTRAP_AREA } from "./layout/layout.ts";
export * from "./manifest.ts";
export {
  MANAGED_BY,
  MANAGED_BY_LABEL,
  ORIGIN_ANNOTATION,
  PART_OF_LABEL,
} from "./stages/provenance.ts";

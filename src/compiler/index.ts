export * from "./compile.ts";
export * from "./compiled.ts";
export {
  MANAGED_BY,
  MANAGED_BY_LABEL,
  ORIGIN_ANNOTATION,
  PART_OF_LABEL,
} from "./stages/provenance.ts";

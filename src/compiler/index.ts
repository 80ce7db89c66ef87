export * from "./compile.ts";
export { foldersOf } from "./layout/packaging.ts";
export { folderName } from "./stages/delivery-needs.ts";
export { PHASES, phasesOf, type Phase } from "./stages/phases.ts";
export * from "./manifest.ts";
export { formatYaml } from "./writers/yaml.ts";

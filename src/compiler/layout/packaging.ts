// In which form a folder of objects is handed over. Every form gives the same objects; they differ in the files, and in what an
// engine is told to build.

import type { CompiledObject, DeliveredFolder, Packaging } from "../../model/index.ts";
import { areaFiles } from "./area-files.ts";
import { chartFolder, chartValuesFile, helmFiles, libraryFiles } from "./helm-files.ts";
import type { MarkedImage } from "../writers/kustomize.ts";
import type { TreeFile } from "./layout.ts";
import { plainFiles, plainFolder } from "./plain-files.ts";
import type { SchemaOf } from "./split-area.ts";

/** Logical path → path in the repository. */
export type Place = (path: string) => string;

export interface AreaForm {
  files(
    area: string,
    byTarget: ReadonlyMap<string, readonly CompiledObject[]>,
    schemaOf: SchemaOf,
    /** Images of one target whose tags somebody writes into git. */
    tagsOf: (target: string) => readonly MarkedImage[],
  ): TreeFile[];
  /** The folder an engine builds for one cluster, and the values files it lays over the chart's own. */
  source(area: string, target: string): Pick<DeliveredFolder, "path" | "values" | "form">;
  /** Where a reader finds what one cluster gets; directly in these folders. */
  folders(area: string, target: string): readonly string[];
  /** What a person types to see it; `place` finds its folders. */
  command(area: string, target: string, place: Place): string;
}

const kustomize: AreaForm = {
  files: areaFiles,
  source: (area, target) => ({ path: `${area}/overlays/${target}` }),
  folders: (area, target) => [`${area}/base`, `${area}/overlays/${target}`],
  command: (area, target, place) => `kubectl kustomize ${place(`${area}/overlays/${target}`)}`,
};

const plain: AreaForm = {
  files: plainFiles,
  source: (area, target) => ({ path: plainFolder(area, target), form: "plain" }),
  folders: (area, target) => [plainFolder(area, target)],
  command: (area, target, place) => `cat ${place(plainFolder(area, target))}/*.yaml`,
};

const helm: AreaForm = {
  files: helmFiles,
  source: (area, target) => ({ path: chartFolder(area), values: chartValuesFile(target) }),
  folders: (area) => [chartFolder(area), `${chartFolder(area)}/templates`],
  command(area, target, place) {
    const folder = place(chartFolder(area));
    return `helm template ${folder} --dependency-update -f ${folder}/${chartValuesFile(target)}`;
  },
};

/** Charts are for apps; what the platform itself adds to a cluster stays with Kustomize then. */
export function formOf(packaging: Packaging, area: string): AreaForm {
  if (packaging === "helm") return area.startsWith("apps/") ? helm : kustomize;
  return packaging === "plain" ? plain : kustomize;
}

export function foldersOf(packaging: Packaging, area: string, target: string): readonly string[] {
  return formOf(packaging, area).folders(area, target);
}

/** Files that belong to no single folder. */
export function sharedFiles(packaging: Packaging, areas: readonly string[]): TreeFile[] {
  return areas.some((area) => formOf(packaging, area) === helm) ? libraryFiles() : [];
}

// `clusters/<target>/applications/<name>.yaml`: one small list file for every folder a cluster syncs; `releases/` lists those that are charts. The delivery engine's
// generator reads them, so adding an app adds a file and touches no object of the engine.

import type { Diagnostic } from "../../core/index.ts";
import { groupBy } from "../../core/index.ts";
import type { CompiledObject, CompiledTarget, Packaging } from "../../model/index.ts";
import { BOOTSTRAP_AREA } from "../../model/index.ts";
import { contestedApplication } from "../diagnostics.ts";
import { formatYaml } from "../writers/yaml.ts";
import { formOf } from "./packaging.ts";
import type { ObjectsByArea, TreeFile } from "./layout.ts";

export interface ApplicationEntry {
  readonly name: string;
  readonly path: string;
  /** File beside the chart's own values, where the folder is a chart. */
  readonly values?: string;
  /** Where objects without a namespace of their own go. */
  readonly namespace: string;
  /** Applications sync in this order; 0 first. */
  readonly wave: number;
}

export function applicationFiles(
  areas: ObjectsByArea,
  targets: readonly CompiledTarget[],
  packaging: Packaging,
): { readonly files: readonly TreeFile[]; readonly diagnostics: readonly Diagnostic[] } {
  const synced = [...areas].filter(([area]) => area !== BOOTSTRAP_AREA);
  const files = targets.flatMap(({ cluster: { target } }) =>
    synced.flatMap(([area, byTarget]) => {
      const objects = byTarget.get(target);
      return objects === undefined
        ? []
        : [fileOf(applicationOf(area, target, objects, packaging), target)];
    }),
  );
  return { files, diagnostics: contested(synced.map(([area]) => area)) };
}

function fileOf(application: ApplicationEntry, target: string): TreeFile {
  const list = application.values === undefined ? "applications" : "releases";
  const path = `clusters/${target}/${list}/${application.name}.yaml`;
  return [
    path,
    formatYaml({ [application.values === undefined ? "application" : "release"]: application }),
  ];
}

function applicationOf(
  area: string,
  target: string,
  objects: readonly CompiledObject[],
  packaging: Packaging,
): ApplicationEntry {
  return {
    name: applicationName(area),
    ...formOf(packaging, area).source(area, target),
    namespace: mostCommonNamespace(objects),
    wave: applicationWave(area, objects),
  };
}

/** The last part of the folder: `apps/storefront` is synced by the Application `storefront`. */
export function applicationName(area: string): string {
  return area.slice(area.indexOf("/") + 1).replaceAll("/", "-");
}

/** Namespaces and their rights, then the platform's parts, then people's apps. */
function applicationWave(area: string, objects: readonly CompiledObject[]): number {
  if (area.startsWith("apps/")) return 2;
  return objects.some(({ object }) => object.kind === "Namespace") ? 0 : 1;
}

function mostCommonNamespace(objects: readonly CompiledObject[]): string {
  const counts = new Map<string, number>();
  for (const { object } of objects) {
    const { namespace } = object.metadata;
    if (namespace !== undefined) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  const ranked = [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return ranked[0]?.[0] ?? "default";
}

function contested(areas: readonly string[]): Diagnostic[] {
  return [...groupBy(areas, applicationName)].flatMap(([name, folders]) =>
    folders.length < 2 ? [] : [contestedApplication(["apps", name], { name, folders })],
  );
}

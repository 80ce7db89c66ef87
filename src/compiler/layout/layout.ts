// Lays objects, charts and files out as one tree (LAY-02):
//   apps/<app>/{base,overlays/<target>}  infrastructure/<area>/{base,overlays/<target>}  clusters/<target>
// or, for apps, as charts: infra/helm/<app>; the definition's `layout` may put each elsewhere. Every folder with a kustomization.yaml builds by itself. `infrastructure/bootstrap`
// is what an engine starts from and lies in `clusters/<target>`, beside the lists of folders and charts.

import type { Diagnostic } from "../../core/index.ts";
import { groupBy } from "../../core/index.ts";
import { builtinKinds } from "../../kubernetes/index.ts";
import type {
  CompiledObject,
  CompiledTarget,
  Outcome,
  Packaging,
  Tree,
  TreeLayout,
} from "../../model/index.ts";
import { BOOTSTRAP_AREA, placed } from "../../model/index.ts";
import { contestedApplication, contestedFile } from "../diagnostics.ts";
import { clusterFiles } from "./area-files.ts";
import { formOf, sharedFiles } from "./packaging.ts";
import type { MarkedImage } from "../writers/kustomize.ts";
import { readmeFile } from "./readme.ts";
import { folderName } from "../stages/delivery-needs.ts";
import type { SchemaOf } from "./split-area.ts";

/** One file of the tree. */
export type TreeFile = readonly [path: string, text: string];

export function layOut(
  platform: string,
  targets: readonly CompiledTarget[],
  packaging: Packaging = "kustomize",
  layout: TreeLayout = {},
): Outcome<Tree> {
  const areas = objectsByArea(targets);
  const files: TreeFile[] = [
    ...[...areas].flatMap(([area, byTarget]) =>
      area === BOOTSTRAP_AREA
        ? clusterFiles(area, byTarget)
        : formOf(packaging, area).files(area, byTarget, schemaOf, tagsIn(area, targets)),
    ),
    ...sharedFiles(packaging, [...areas.keys()]),
    readmeFile(platform, targets, [...areas.keys()], { packaging, layout }),
  ];
  const names = contestedNames(areas);
  const contested = addComponentFiles(files, targets);
  const { placedFiles, clashes } = placeFiles(files, layout);
  const tree = new Map(placedFiles.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return {
    value: tree, // Two folders of one name write one list.
    diagnostics: names.length > 0 ? names : [...contested, ...clashes],
  };
}

/** Two folders put in one place may hold files of the same name. */
function placeFiles(
  files: readonly TreeFile[],
  layout: TreeLayout,
): { readonly placedFiles: readonly TreeFile[]; readonly clashes: readonly Diagnostic[] } {
  const placedFiles = files.map(([path, text]): TreeFile => [placed(path, layout), text]);
  const paths = groupBy(placedFiles, ([path]) => path);
  const twice = [...paths].filter(([, same]) => same.length > 1);
  return {
    placedFiles,
    clashes: twice.map(([file]) => contestedFile(["layout"], { file })),
  };
}

/** The image of the app whose folder it is, where new tags of it are written into git. */
const tagsIn =
  (area: string, targets: readonly CompiledTarget[]) =>
  (name: string): MarkedImage[] => {
    const { cluster, engine } = targets.find((one) => one.cluster.target === name) ?? {};
    const app = cluster?.apps?.find((one) => `apps/${one.name}` === area);
    if (app?.updates === undefined) return [];
    const { repository, tag } = app.updates;
    const marker = engine?.tagMarker?.(app);
    return [{ name: repository, newTag: tag, ...(marker === undefined ? {} : { marker }) }];
  };

/** Area → target → objects, areas sorted, targets in their order. */
export type ObjectsByArea = ReadonlyMap<string, ReadonlyMap<string, readonly CompiledObject[]>>;

function objectsByArea(targets: readonly CompiledTarget[]): ObjectsByArea {
  const grouped = new Map<string, Map<string, CompiledObject[]>>();
  for (const { cluster, objects } of targets) {
    for (const compiled of objects) {
      const byTarget = grouped.get(compiled.area) ?? new Map<string, CompiledObject[]>();
      grouped.set(compiled.area, byTarget);
      const list = byTarget.get(cluster.target) ?? [];
      list.push(compiled);
      byTarget.set(cluster.target, list);
    }
  }
  return new Map([...grouped].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** An engine tells folders apart by the last part of their path. */
function contestedNames(areas: ObjectsByArea): Diagnostic[] {
  const synced = [...areas.keys()].filter((area) => area !== BOOTSTRAP_AREA);
  return [...groupBy(synced, folderName)].flatMap(([name, folders]) =>
    folders.length < 2 ? [] : [contestedApplication(["apps", name], { name, folders })],
  );
}

const schemaOf: SchemaOf = ({ apiVersion, kind }) => builtinKinds().find(apiVersion, kind)?.schema;

function addComponentFiles(files: TreeFile[], targets: readonly CompiledTarget[]): Diagnostic[] {
  const texts = new Map(files);
  const emitted = targets.flatMap((target) => target.files);
  return emitted.flatMap(({ file, text, path }) => {
    const written = texts.get(file);
    if (written !== undefined) return written === text ? [] : [contestedFile(path, { file })];
    texts.set(file, text);
    files.push([file, text]);
    return [];
  });
}

// Hands everything one cluster gets over to its delivery engine: folders in their order, charts, and what each needs to be
// there first. Without an engine the same parts are written as lists, for whoever pushes.

import { groupBy } from "../../core/index.ts";
import type {
  CompiledObject,
  CompiledTarget,
  DeliveredFolder,
  DeliveredParts,
  EmittedFile,
  EmittedObject,
  HandOver,
  HandOverFile,
  Packaging,
  Registry,
  TreeLayout,
} from "../../model/index.ts";
import { BOOTSTRAP_AREA, deliveryLists, placed } from "../../model/index.ts";
import { formatPath } from "../../core/index.ts";
import { folderName, needsFinder } from "./delivery-needs.ts";
import { slotFiller } from "./emit.ts";
import { formOf } from "../layout/packaging.ts";
import { formatYaml } from "../writers/yaml.ts";

export interface HandedOver {
  readonly objects: readonly EmittedObject[];
  readonly files: readonly EmittedFile[];
}

type Parts = Pick<CompiledTarget, "cluster" | "objects" | "charts" | "engine">;

export interface HandOverContext {
  readonly registry: Registry;
  readonly packaging: Packaging;
  /** The other clusters of the environment. */
  readonly peers: readonly Parts[];
}

export function handOver(target: Parts, context: HandOverContext): HandedOver {
  const parts = deliveredParts(target, context);
  const peers = context.peers.map((peer) => deliveredParts(peer, context));
  const handed = target.engine?.handOver(parts, peers) ?? pushed(parts, context);
  const { objects = [], files = [], texts = [] } = handed;
  return { objects, files: [...files.map(writeFile), ...texts] };
}

/** The lists, and what the filler that pushes makes of them. */
function pushed(parts: DeliveredParts, { registry }: Pick<HandOverContext, "registry">): HandOver {
  const lists = deliveryLists(parts);
  const { cluster } = parts;
  for (const { slot, component, options, path } of cluster.slots ?? []) {
    const { pushes } = slotFiller(registry, slot, component);
    if (pushes === undefined) continue;
    const handed = pushes({ cluster, path }, parts, options);
    return { ...handed, files: [...lists, ...(handed.files ?? [])] };
  }
  return { files: lists };
}

function writeFile({ file, value, path, header = false }: HandOverFile): EmittedFile {
  const options = header ? { header: [formatPath(path)] } : {};
  return { file, text: formatYaml(value, options), path };
}

/** Every folder and chart of a cluster, with what each needs to be there first. */
export function deliveredParts(
  { cluster, objects, charts }: Parts,
  { registry, packaging }: Omit<HandOverContext, "peers">,
): DeliveredParts {
  const areas = new Map(
    [...groupBy(objects, ({ area }) => area)].filter(([area]) => area !== BOOTSTRAP_AREA),
  );
  const needs = needsFinder({ areas, charts, cluster, registry });
  const folders = [...areas]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([area, own]): DeliveredFolder => ({
      name: folderName(area),
      ...placedSource(formOf(packaging, area).source(area, cluster.target), cluster.layout),
      namespace: mostCommonNamespace(own),
      namespaces: namespacesOf(own),
      wave: waveOf(area, own),
      needs: needs.ofFolder(area),
    }));
  return {
    cluster,
    folders,
    charts: charts.map((chart) => ({ chart, needs: needs.ofChart(chart) })),
  };
}

const placedSource = <S extends { readonly path: string }>(source: S, layout: TreeLayout): S => ({
  ...source,
  path: placed(source.path, layout),
});

/** Namespaces and their rights, then the platform's parts, then people's apps. */
function waveOf(area: string, objects: readonly CompiledObject[]): DeliveredFolder["wave"] {
  if (area.startsWith("apps/")) return 2;
  return objects.some(({ object }) => object.kind === "Namespace") ? 0 : 1;
}

function namespacesOf(objects: readonly CompiledObject[]): string[] {
  return sortedSet(objects.flatMap(({ object }) => object.metadata.namespace ?? []));
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

const sortedSet = (names: readonly string[]): string[] => [...new Set(names)].toSorted();

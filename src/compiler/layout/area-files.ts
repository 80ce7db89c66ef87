// The folder of one area: a base, and an overlay for every target that has it.

import { deepEqual, groupBy } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { CompiledObject } from "../../model/index.ts";
import { formatKustomization, type MarkedImage } from "../writers/kustomize.ts";
import type { TreeFile } from "./layout.ts";
import type { Document, SchemaOf } from "./split-area.ts";
import { splitArea } from "./split-area.ts";
import { writeDocuments } from "./write-documents.ts";

type ByTarget = ReadonlyMap<string, readonly CompiledObject[]>;
type Labels = Readonly<Record<string, string>>;

/** `tagsOf` names the images of one target whose tags somebody writes into git. */
export function areaFiles(
  area: string,
  byTarget: ByTarget,
  schemaOf: SchemaOf,
  tagsOf: (target: string) => readonly MarkedImage[],
): TreeFile[] {
  const shared = new Map(
    [...byTarget].map(([target, objects]) => [target, sharedLabels(objects)] as const),
  );
  const plain = new Map(
    [...byTarget].map(([target, objects]) => [
      target,
      objects.map((compiled) => withoutLabels(compiled, shared.get(target) ?? {})),
    ]),
  );
  const { base, overlays } = splitArea(plain, schemaOf);
  const baseFiles = base.length === 0 ? [] : folderFiles(`${area}/base`, area, { resources: base });
  const overlayFiles = [...overlays].flatMap(([target, overlay]) =>
    folderFiles(`${area}/overlays/${target}`, area, {
      ...overlay,
      ...(base.length === 0 ? {} : { base: "../../base" }),
      labels: shared.get(target) ?? {},
      tags: tagsOf(target),
    }),
  );
  return [...baseFiles, ...overlayFiles];
}

/** Objects that lie directly in `clusters/<target>`, whole. */
export function clusterFiles(area: string, byTarget: ByTarget): TreeFile[] {
  return [...byTarget].flatMap(([target, objects]) => {
    const folders = groupBy(objects, ({ file = "" }) =>
      file.slice(0, Math.max(0, file.lastIndexOf("/"))),
    );
    const nested = [...folders.keys()].filter((folder) => folder !== "").toSorted();
    if (!folders.has("")) folders.set("", []);
    return [...folders].flatMap(([folder, own]) =>
      clusterFolder(
        `clusters/${target}${folder === "" ? "" : `/${folder}`}`,
        area,
        own,
        folder === "" ? nested : [],
      ),
    );
  });
}

function clusterFolder(
  folder: string,
  area: string,
  objects: readonly CompiledObject[],
  nested: readonly string[],
): TreeFile[] {
  const labels = sharedLabels(objects);
  const resources = objects.map((compiled) => withoutLabels(compiled, labels));
  return folderFiles(folder, area, { resources, labels, nested });
}

interface Folder {
  readonly base?: string;
  /** Folders below that build by themselves. */
  readonly nested?: readonly string[];
  readonly resources: readonly Document[];
  readonly patches?: readonly Document[];
  readonly labels?: Labels;
  readonly tags?: readonly MarkedImage[];
}

function folderFiles(folder: string, area: string, content: Folder): TreeFile[] {
  const resources = writeDocuments(content.resources, area);
  const patches = writeDocuments(content.patches ?? [], area, "patch-");
  const { labels = {}, tags = [] } = content;
  const fields = {
    resources: [
      ...(content.base === undefined ? [] : [content.base]),
      ...(content.nested ?? []),
      ...resources.keys(),
    ],
    patches: [...patches.keys()].map((path) => ({ path })),
    labels: Object.keys(labels).length === 0 ? [] : [{ pairs: sorted(labels) }],
  };
  const kustomization = formatKustomization(fields, { tags });
  const files = [["kustomization.yaml", kustomization] as const, ...resources, ...patches];
  return files.map(([name, text]) => [`${folder}/${name}`, text]);
}

function sorted(labels: Labels): Labels {
  const entries = Object.entries(labels);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Labels every object of a folder carries with the same value; written once, in the kustomization. */
export function sharedLabels(objects: readonly CompiledObject[]): Labels {
  const [first, ...others] = objects.map(({ object }) => object.metadata.labels ?? {});
  const entries = Object.entries(first ?? {});
  return Object.fromEntries(
    entries.filter(([key, value]) => others.every((labels) => deepEqual(labels[key], value))),
  );
}

export function withoutLabels(compiled: CompiledObject, shared: Labels): CompiledObject {
  const { labels = {}, ...metadata } = compiled.object.metadata;
  const own = Object.entries(labels).filter(([key]) => !Object.hasOwn(shared, key));
  const object: KubernetesObject = {
    ...compiled.object,
    metadata: own.length === 0 ? metadata : { ...metadata, labels: Object.fromEntries(own) },
  };
  return { ...compiled, object };
}

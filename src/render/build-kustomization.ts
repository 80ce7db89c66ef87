// Builds a folder of a file tree as `kustomize build` would: read, gather resources, patch, transform, sort. What it cannot
// do is a finding, never a guess; what it does equals kustomize v5.5.0 object for object.

import { isRecord, type Diagnostic } from "../core/index.ts";
import type { KubernetesObject } from "../kubernetes/index.ts";
import {
  duplicateObject,
  folderCycle,
  invalidYaml,
  missingKustomization,
  missingResource,
  noReplicasTarget,
  notAnObject,
  outsideFolder,
  severalKustomizations,
} from "./diagnostics.ts";
import { readKustomization, type Kustomization, type PatchEntry } from "./kustomization.ts";
import { applyPatch } from "./patches.ts";
import { isBelow, joinPath } from "./paths.ts";
import { readYaml } from "./read-yaml.ts";
import {
  describeId,
  idOf,
  isSameId,
  objectProblem,
  type Resource,
  type ResourceObject,
} from "./resource.ts";
import { sortResources } from "./sort-resources.ts";
import {
  addAnnotations,
  addLabels,
  followServiceAccounts,
  setImage,
  setNamespace,
  setReplicas,
} from "./transform.ts";

/** Path from the tree's root, with `/`, to text. */
export type FileTree = ReadonlyMap<string, string>;

export interface BuildResult {
  /** Empty when there are errors. */
  readonly objects: readonly KubernetesObject[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `folder` is a path from the tree's root; empty for the root itself. */
export function buildKustomization(files: FileTree, folder: string): BuildResult {
  const build: Build = { files, diagnostics: [] };
  const { resources, order } = buildFolder(build, joinPath("", folder), []);
  if (build.diagnostics.length > 0) return { objects: [], diagnostics: build.diagnostics };
  followServiceAccounts(resources);
  const kept = resources.filter((resource) => !isLocalConfig(resource));
  const sorted = order === "fifo" ? kept : sortResources(kept);
  // Every resource was checked to be an object when it was read.
  return { objects: sorted.map(({ object }) => object as KubernetesObject), diagnostics: [] };
}

interface Build {
  readonly files: FileTree;
  readonly diagnostics: Diagnostic[];
}

interface BuiltFolder {
  readonly resources: readonly Resource[];
  readonly order: Kustomization["order"];
}

const NOTHING: BuiltFolder = { resources: [], order: "legacy" };
const FILE_NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** True for the folders `kustomize build` accepts. */
export function isKustomization(files: FileTree, folder: string): boolean {
  return FILE_NAMES.some((name) => files.has(joinPath(folder, name)));
}

function buildFolder(build: Build, folder: string, parents: readonly string[]): BuiltFolder {
  const { files, diagnostics } = build;
  if (parents.includes(folder)) {
    diagnostics.push(folderCycle([folder], { folders: [...parents, folder] }));
    return NOTHING;
  }
  const names = FILE_NAMES.filter((name) => files.has(joinPath(folder, name)));
  const [name] = names;
  if (name === undefined)
    diagnostics.push(missingKustomization([folder], { folder: folder || "." }));
  else if (names.length > 1) diagnostics.push(severalKustomizations([folder], { names }));
  if (name === undefined || names.length > 1) return NOTHING;
  const file = joinPath(folder, name);
  const read = readKustomization(files.get(file) ?? "", file);
  diagnostics.push(...read.diagnostics);
  if (read.kustomization === undefined) return NOTHING;
  const place: Place = { folder, file, parents: [...parents, folder] };
  const gathered = gather(build, place, read.kustomization.resources);
  const resources = transform(build, place, gathered, read.kustomization);
  return { resources, order: read.kustomization.order };
}

interface Place {
  readonly folder: string;
  /** The kustomization itself. */
  readonly file: string;
  readonly parents: readonly string[];
}

function gather(build: Build, place: Place, paths: readonly string[]): Resource[] {
  const resources: Resource[] = [];
  for (const [index, path] of paths.entries()) {
    for (const resource of resourcesAt(build, place, path, index)) {
      const id = idOf(resource);
      const taken = resources.some((other) => isSameId(idOf(other), id));
      if (taken) {
        const object = describeId(id);
        build.diagnostics.push(duplicateObject([place.file, "resources", index], { object }));
      } else resources.push(resource);
    }
  }
  return resources;
}

function resourcesAt(build: Build, place: Place, path: string, index: number): readonly Resource[] {
  const at = [place.file, "resources", index];
  const full = joinPath(place.folder, path);
  const text = build.files.get(full);
  if (text !== undefined && !isBelow(place.folder, full)) {
    build.diagnostics.push(outsideFolder(at, { path }));
    return [];
  }
  if (text !== undefined) return readResources(build, full, text);
  if (isFolder(build.files, full)) return buildFolder(build, full, place.parents).resources;
  build.diagnostics.push(missingResource(at, { path }));
  return [];
}

function isFolder(files: FileTree, folder: string): boolean {
  for (const path of files.keys()) if (isBelow(folder, path)) return true;
  return false;
}

function readResources(build: Build, file: string, text: string): Resource[] {
  const { values, problems } = readYaml(text);
  build.diagnostics.push(...problems.map((problem) => invalidYaml([file], { problem })));
  return values.flatMap(itemsOf).flatMap((value, index) => {
    const problem = objectProblem(value);
    if (problem === undefined) return [{ object: value as ResourceObject, previous: [] }];
    build.diagnostics.push(notAnObject([file, index], { problem }));
    return [];
  });
}

/** A `List` stands for its items. */
function itemsOf(value: unknown): readonly unknown[] {
  if (!isRecord(value) || !Array.isArray(value["items"])) return [value];
  const { kind } = value;
  return typeof kind === "string" && kind.endsWith("List") ? value["items"] : [value];
}

/** In kustomize's order: patches, namespace, labels, annotations, replicas, images. */
function transform(
  build: Build,
  place: Place,
  gathered: readonly Resource[],
  kustomization: Kustomization,
): readonly Resource[] {
  const { namespace, labels, commonAnnotations, replicas, images } = kustomization;
  const resources = patch(build, place, gathered, kustomization.patches);
  for (const resource of resources) {
    if (namespace !== undefined) setNamespace(resource, namespace);
    for (const entry of labels) addLabels(resource, entry);
    addAnnotations(resource, commonAnnotations);
  }
  for (const [index, entry] of replicas.entries()) {
    const count = resources.filter((resource) => setReplicas(resource, entry)).length;
    const at = [place.file, "replicas", index];
    if (count === 0) build.diagnostics.push(noReplicasTarget(at, { name: entry.name }));
  }
  for (const image of images) for (const resource of resources) setImage(resource, image);
  return resources;
}

function patch(
  build: Build,
  place: Place,
  gathered: readonly Resource[],
  entries: readonly PatchEntry[],
): readonly Resource[] {
  let resources = gathered;
  for (const [index, entry] of entries.entries()) {
    const at = [place.file, "patches", index];
    const text = patchText(build, place, entry, at);
    if (text === undefined) continue;
    const file = entry.path === undefined ? at : [joinPath(place.folder, entry.path)];
    const patched = applyPatch(resources, { text, target: entry.target, path: file });
    build.diagnostics.push(...patched.diagnostics);
    resources = patched.resources;
  }
  return resources;
}

function patchText(
  build: Build,
  place: Place,
  { path, patch: inline }: PatchEntry,
  at: readonly (string | number)[],
): string | undefined {
  if (path === undefined) return inline;
  const full = joinPath(place.folder, path);
  const text = build.files.get(full);
  if (text === undefined) build.diagnostics.push(missingResource(at, { path }));
  else if (!isBelow(place.folder, full)) build.diagnostics.push(outsideFolder(at, { path }));
  return text;
}

const LOCAL_CONFIG = "config.kubernetes.io/local-config";

/** Objects that are only for tools. */
function isLocalConfig({ object }: Resource): boolean {
  const annotations = object.metadata["annotations"];
  const value = isRecord(annotations) ? annotations[LOCAL_CONFIG] : undefined;
  return value !== undefined && value !== "false";
}

// Applies the patches of a kustomization: strategic merge patches name their object or have a target, JSON patches need one.

import { formatPath, isRecord, type Diagnostic, type Path } from "../core/index.ts";
import {
  applyJsonPatch,
  JsonPatchError,
  JsonPatchSyntaxError,
  matchesLabels,
  parseLabelSelector,
  type ObjectRef,
} from "../kubernetes/index.ts";
import { invalidYaml, noPatchTarget, notAnObject, patchFailed } from "./diagnostics.ts";
import { mergeSchemaOf } from "./kustomize-kinds.ts";
import type { PatchTarget } from "./kustomization.ts";
import { mergeValue, type MergeContext } from "./merge-resource.ts";
import { readYaml } from "./read-yaml.ts";
import {
  describeId,
  effectiveNamespace,
  groupVersionOf,
  idOf,
  idsOf,
  isSameId,
  objectProblem,
  type Resource,
  type ResourceObject,
} from "./resource.ts";

/** One entry of `patches` with its text. */
export interface Patch {
  readonly text: string;
  readonly target: PatchTarget | undefined;
  /** Where the patch is written, for findings. */
  readonly path: Path;
}

export interface Patched {
  readonly resources: readonly Resource[];
  readonly diagnostics: readonly Diagnostic[];
}

export function applyPatch(resources: readonly Resource[], patch: Patch): Patched {
  const { values, problems } = readYaml(patch.text);
  if (problems.length > 0) {
    return refuse(
      resources,
      problems.map((problem) => invalidYaml(patch.path, { problem })),
    );
  }
  const [first] = values;
  if (patch.text.startsWith("[") && !isJson(patch.text)) {
    return failed(resources, patch.path, "a JSON patch that starts with [ must be JSON, not YAML");
  }
  if (Array.isArray(first)) return applyOperations(resources, first, patch);
  return applyMerges(resources, values, patch);
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function refuse(resources: readonly Resource[], diagnostics: readonly Diagnostic[]): Patched {
  return { resources, diagnostics };
}

function failed(resources: readonly Resource[], path: Path, problem: string): Patched {
  return refuse(resources, [patchFailed(path, { problem })]);
}

function applyOperations(
  resources: readonly Resource[],
  operations: readonly unknown[],
  { target, path }: Patch,
): Patched {
  if (target === undefined) return failed(resources, path, "a JSON patch needs a target");
  const selected = select(resources, target);
  if (typeof selected === "string") return failed(resources, path, selected);
  const diagnostics: Diagnostic[] = [];
  const patched = resources.map((resource) => {
    if (!selected.has(resource)) return resource;
    try {
      const object = applyJsonPatch(resource.object, operations) as ResourceObject;
      return { object, previous: [...resource.previous, idOf(resource)] };
    } catch (error) {
      if (!(error instanceof JsonPatchError || error instanceof JsonPatchSyntaxError)) throw error;
      const problem = `${describeId(idOf(resource))}: ${error.message}`;
      diagnostics.push(patchFailed(path, { problem }));
      return resource;
    }
  });
  return { resources: patched, diagnostics };
}

function applyMerges(
  resources: readonly Resource[],
  documents: readonly unknown[],
  { target, path }: Patch,
): Patched {
  if (target !== undefined && documents.length > 1) {
    return failed(resources, path, "one entry with a target may hold one strategic merge patch");
  }
  const diagnostics: Diagnostic[] = [];
  let current = resources;
  for (const document of documents) {
    const problem = objectProblem(document);
    if (problem !== undefined) {
      diagnostics.push(notAnObject(path, { problem }));
      continue;
    }
    const body = document as ResourceObject; // objectProblem has looked.
    const selected = target === undefined ? byIdentity(current, body) : select(current, target);
    if (typeof selected === "string") diagnostics.push(patchFailed(path, { problem: selected }));
    else if (target === undefined && selected.size !== 1) {
      const object = describeId(idOf({ object: body, previous: [] }));
      diagnostics.push(noPatchTarget(path, { object, count: selected.size }));
    } else current = mergeInto(current, selected, body, { path, diagnostics });
  }
  return { resources: current, diagnostics };
}

function byIdentity(resources: readonly Resource[], body: ResourceObject): ReadonlySet<Resource> {
  const id = idOf({ object: body, previous: [] });
  return new Set(resources.filter((resource) => idsOf(resource).some((one) => isSameId(one, id))));
}

function mergeInto(
  resources: readonly Resource[],
  selected: ReadonlySet<Resource>,
  body: ResourceObject,
  { path, diagnostics }: { readonly path: Path; readonly diagnostics: Diagnostic[] },
): readonly Resource[] {
  return resources.flatMap((resource) => {
    if (!selected.has(resource)) return [resource];
    const context: MergeContext = { problems: [] };
    const merged = mergeOne(resource, body, context);
    for (const problem of context.problems) {
      const where = formatPath(problem.path.filter((element) => element !== "[]"));
      const text = `${describeId(idOf(resource))}: ${where}: ${problem.message}`;
      diagnostics.push(patchFailed(path, { problem: text }));
    }
    return merged === undefined ? [] : [merged];
  });
}

/** The merge may change anything but what the object is. */
function mergeOne(
  resource: Resource,
  body: ResourceObject,
  context: MergeContext,
): Resource | undefined {
  const { apiVersion, kind, namespace, name } = idOf(resource);
  const merged = mergeValue(
    {
      target: resource.object,
      patch: { ...structuredClone(body), apiVersion, kind },
      schema: mergeSchemaOf({ apiVersion, kind }),
      path: [],
    },
    context,
  );
  if (!isRecord(merged)) return undefined;
  const metadata = isRecord(merged["metadata"]) ? merged["metadata"] : {};
  if (namespace === undefined) delete metadata["namespace"];
  else metadata["namespace"] = namespace;
  Object.assign(merged, { metadata: Object.assign(metadata, { name }) });
  return { object: merged as ResourceObject, previous: resource.previous }; // Identity was put back.
}

/** The objects a target names, or what is wrong with it. */
function select(
  resources: readonly Resource[],
  target: PatchTarget,
): ReadonlySet<Resource> | string {
  try {
    const matches = matcherOf(target);
    return new Set(resources.filter(matches));
  } catch (error) {
    return `the target cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function matcherOf(target: PatchTarget): (resource: Resource) => boolean {
  const anchored = (pattern: string | undefined): ((text: string) => boolean) => {
    if (pattern === undefined) return () => true;
    const expression = new RegExp(`^(?:${pattern})$`);
    return (text) => expression.test(text);
  };
  const group = anchored(target.group);
  const version = anchored(target.version);
  const kind = anchored(target.kind);
  const name = anchored(target.name);
  const namespace = anchored(target.namespace);
  const labels = parseLabelSelector(target.labelSelector ?? "");
  const annotations = parseLabelSelector(target.annotationSelector ?? "");
  return (resource) => {
    const id = idOf(resource);
    const { group: ownGroup, version: ownVersion } = groupVersionOf(id);
    const names = originalAndCurrent(resource);
    return (
      group(ownGroup) &&
      version(ownVersion) &&
      kind(id.kind) &&
      names.some((one) => name(one.name)) &&
      names.some((one) => namespace(effectiveNamespace(one))) &&
      matchesLabels(labels, texts(resource.object.metadata["labels"])) &&
      matchesLabels(annotations, texts(resource.object.metadata["annotations"]))
    );
  };
}

function originalAndCurrent(resource: Resource): readonly ObjectRef[] {
  const ids = idsOf(resource);
  return [...ids.slice(0, 1), ...ids.slice(-1)];
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return (isRecord(value) ? value : {}) as Readonly<Record<string, string>>; // Labels are texts.
}

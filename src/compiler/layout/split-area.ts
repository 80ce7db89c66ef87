// Splits the objects of one folder into a base that every target shares and what each target's overlay adds.

import { isRecord } from "../../core/index.ts";
import type { FieldSchema, KubernetesObject } from "../../kubernetes/index.ts";
import { formatRef, refOf } from "../../kubernetes/index.ts";
import type { CompiledObject } from "../../model/index.ts";
import { splitVariants } from "./common-part.ts";

/** An object or patch as it goes to a file. */
export interface Document {
  readonly file?: string;
  readonly object: KubernetesObject;
  readonly origin: CompiledObject["origin"];
  readonly comment?: string;
}

export interface Overlay {
  readonly resources: readonly Document[];
  /** Strategic merge patches; they only add fields. */
  readonly patches: readonly Document[];
}

export interface SplitArea {
  readonly base: readonly Document[];
  /** By target; one for every target that has the folder. */
  readonly overlays: ReadonlyMap<string, Overlay>;
}

/** Fields of a built-in kind; undefined for kinds whose lists are always whole. */
export type SchemaOf = (object: KubernetesObject) => FieldSchema | undefined;

export function splitArea(
  byTarget: ReadonlyMap<string, readonly CompiledObject[]>,
  schemaOf: SchemaOf,
): SplitArea {
  const targets = [...byTarget.keys()];
  const base: Document[] = [];
  const overlays = new Map(
    targets.map((target) => [target, { resources: [], patches: [] } as MutableOverlay]),
  );
  for (const variants of variantsByObject(byTarget).values()) {
    const split = splitObject(variants, targets, schemaOf);
    if (split.base) base.push(split.base);
    for (const [target, document] of split.resources)
      overlays.get(target)?.resources.push(document);
    for (const [target, document] of split.patches) overlays.get(target)?.patches.push(document);
  }
  return { base, overlays };
}

interface MutableOverlay {
  readonly resources: Document[];
  readonly patches: Document[];
}

type Variants = ReadonlyMap<string, CompiledObject>;

function variantsByObject(
  byTarget: ReadonlyMap<string, readonly CompiledObject[]>,
): ReadonlyMap<string, Variants> {
  const grouped = new Map<string, Map<string, CompiledObject>>();
  for (const [target, objects] of byTarget) {
    for (const compiled of objects) {
      const ref = formatRef(refOf(compiled.object));
      const variants = grouped.get(ref) ?? new Map<string, CompiledObject>();
      grouped.set(ref, variants.set(target, compiled));
    }
  }
  return grouped;
}

interface SplitObject {
  readonly base?: Document;
  readonly resources: readonly (readonly [target: string, document: Document])[];
  readonly patches: readonly (readonly [target: string, document: Document])[];
}

function splitObject(
  variants: Variants,
  targets: readonly string[],
  schemaOf: SchemaOf,
): SplitObject {
  const entries = [...variants];
  const first = entries[0]?.[1];
  if (first === undefined || variants.size < targets.length) {
    return whole(entries);
  }
  const objects = entries.map(([, { object }]) => object);
  const { common, rests } = splitVariants(objects, schemaOf(first.object));
  // A reader would have to put most of such an object together from two files; a policy is judged as a whole.
  if (
    (first.object.kind === "NetworkPolicy" && rests.some((rest) => rest !== undefined)) ||
    isMostlyRest(common, rests)
  )
    return whole(entries);
  const patches = entries.flatMap(([target, compiled], index) => {
    const rest = rests[index];
    return rest === undefined ? [] : [[target, patchOf(compiled, rest)] as const];
  });
  // Variants share at least apiVersion, kind and name, so the common part is an object.
  return {
    base: { ...documentOf(first), object: common as KubernetesObject },
    resources: [],
    patches,
  };
}

/** Written into every overlay that has it. */
function whole(entries: readonly (readonly [string, CompiledObject])[]): SplitObject {
  const resources = entries.map(([target, compiled]) => [target, documentOf(compiled)] as const);
  return { resources, patches: [] };
}

/** Whether one variant holds more of its own than all of them share. */
function isMostlyRest(common: unknown, rests: readonly unknown[]): boolean {
  const present = rests.filter((rest) => rest !== undefined);
  if (present.length === 0) return false;
  return Math.max(...present.map(contentSize)) > contentSize(common);
}

/** How many values an object or patch holds, without what only identifies and describes it. */
function contentSize(part: unknown): number {
  if (!isRecord(part)) return 0;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...content } = part;
  return valueCount(content);
}

function valueCount(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + valueCount(member), 0);
}

function documentOf({ object, origin, comment }: CompiledObject): Document {
  return comment === undefined ? { object, origin } : { object, origin, comment };
}

/** The rest of one variant with the fields that say which object it belongs to. */
function patchOf({ object, origin }: CompiledObject, rest: unknown): Document {
  const { metadata: added, ...fields } = rest as Partial<KubernetesObject>;
  const { name, namespace } = object.metadata;
  const identity = namespace === undefined ? { name } : { name, namespace };
  const { apiVersion, kind } = object;
  return { origin, object: { apiVersion, kind, metadata: { ...identity, ...added }, ...fields } };
}

// What applying a set would change, field by field, found by server-side-apply dry-run, so that defaults and admission
// count as the server would count them.

import { deepEqual, type Path } from "../core/index.ts";
import { refOf, type KubeApi, type KubernetesObject, type ObjectRef } from "../kubernetes/index.ts";
import { getIfServed } from "./apply-object.ts";
import type { Outcome } from "./change-set.ts";
import { diffFields, hideSecretValues, type FieldChange } from "./drift.ts";
import { inParallel } from "./in-parallel.ts";
import { removedRefs, type Inventory } from "./inventory.ts";
import { pruneProtection } from "./prune.ts";

export interface ObjectDiff {
  readonly ref: ObjectRef;
  /** What applying would come to. */
  readonly outcome: Outcome;
  /** From live to desired; empty for objects that would be created or deleted. Secret values are hidden. */
  readonly fields: readonly FieldChange[];
}

export interface DiffOptions {
  readonly fieldManager: string;
  readonly inventory?: Inventory;
  /** Fields somebody else may change without it counting as drift. */
  readonly ignore?: (object: KubernetesObject) => readonly Path[];
  readonly concurrency?: number;
}

const CONCURRENCY = 8;

/** In the order of `objects`, then what would be pruned. */
export async function diffObjects(
  api: KubeApi,
  objects: readonly KubernetesObject[],
  options: DiffOptions,
): Promise<ObjectDiff[]> {
  const diffs = await inParallel(objects, options.concurrency ?? CONCURRENCY, (object) =>
    diffObject(api, object, options),
  );
  const known = (await options.inventory?.load()) ?? [];
  const removed = removedRefs(known, objects.map(refOf));
  const pruned = await inParallel(removed, CONCURRENCY, (ref) => diffPruned(api, ref));
  return [...diffs, ...pruned.flatMap((diff) => (diff === undefined ? [] : [diff]))];
}

export async function diffObject(
  api: KubeApi,
  object: KubernetesObject,
  { fieldManager, ignore }: DiffOptions,
): Promise<ObjectDiff> {
  const ref = refOf(object);
  const live = await getIfServed(api, ref);
  if (live === undefined) return { ref, outcome: "created", fields: [] };
  const desired = await api.apply(object, { fieldManager, force: true, dryRun: true });
  const ignored = ignore?.(object) ?? [];
  const fields = diffFields(live, desired).filter(
    ({ path }) => !ignored.some((prefix) => startsWith(path, prefix)),
  );
  const outcome = fields.length === 0 ? "unchanged" : "configured";
  return { ref, outcome, fields: hideSecretValues(object, fields) };
}

async function diffPruned(api: KubeApi, ref: ObjectRef): Promise<ObjectDiff | undefined> {
  const live = await getIfServed(api, ref);
  if (live === undefined) return undefined;
  const outcome = pruneProtection(live) === undefined ? "deleted" : "skipped";
  return { ref, outcome, fields: [] };
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((element, index) => deepEqual(path[index], element));
}

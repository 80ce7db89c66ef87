// Field-level differences between two versions of one object, leaving out what the server keeps for itself.

import { deepEqual, isRecord, type Path, type PathElement } from "../core/index.ts";
import type { KubernetesObject } from "../kubernetes/index.ts";

/** `before` is absent when the field is new, `after` when it goes. */
export interface FieldChange {
  readonly path: Path;
  readonly before?: unknown;
  readonly after?: unknown;
}

const SERVER_METADATA: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);

/** What a person or a controller may set: no `status`, no server-kept metadata. */
export function withoutServerFields(object: KubernetesObject): Record<string, unknown> {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(([key]) => !SERVER_METADATA.has(key));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/** Sorted by path as it is walked: keys of `before` first, then new ones. */
export function diffFields(before: KubernetesObject, after: KubernetesObject): FieldChange[] {
  const changes: FieldChange[] = [];
  compare([], withoutServerFields(before), withoutServerFields(after), changes);
  return changes;
}

function compare(path: Path, before: unknown, after: unknown, changes: FieldChange[]): void {
  if (deepEqual(before, after)) return;
  if (isRecord(before) && isRecord(after)) compareRecords(path, before, after, changes);
  else if (Array.isArray(before) && Array.isArray(after))
    compareLists(path, before, after, changes);
  else {
    changes.push({
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
  }
}

function compareRecords(
  path: Path,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  changes: FieldChange[],
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    compare([...path, key], before[key], after[key], changes);
  }
}

/** Items are matched by name where all have one, so that an insertion is one change and not many. */
function compareLists(
  path: Path,
  before: readonly unknown[],
  after: readonly unknown[],
  changes: FieldChange[],
): void {
  const [named, namedAfter] = [byName(before), byName(after)];
  if (named === undefined || namedAfter === undefined) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      compare([...path, index], before[index], after[index], changes);
    }
    return;
  }
  for (const name of new Set([...named.keys(), ...namedAfter.keys()])) {
    const element: PathElement = { name };
    compare([...path, element], named.get(name), namedAfter.get(name), changes);
  }
}

function byName(list: readonly unknown[]): Map<string, unknown> | undefined {
  const entries = list.map((item) => [isRecord(item) ? item["name"] : undefined, item] as const);
  const names = new Map<string, unknown>();
  for (const [name, item] of entries) {
    if (typeof name !== "string" || names.has(name)) return undefined;
    names.set(name, item);
  }
  return names;
}

const HIDDEN = "(hidden)";

/** Secret values must not reach a terminal; that they changed may. */
export function hideSecretValues(
  object: Pick<KubernetesObject, "kind">,
  changes: readonly FieldChange[],
): FieldChange[] {
  if (object.kind !== "Secret") return [...changes];
  return changes.map((change) => {
    const [field] = change.path;
    if (field !== "data" && field !== "stringData") return change;
    return {
      path: change.path,
      ...(change.before === undefined ? {} : { before: HIDDEN }),
      ...(change.after === undefined ? {} : { after: HIDDEN }),
    };
  });
}

// Server-side apply on one object: merge the manager's intent into the live object, take out what it stopped sending,
// settle ownership. Mirrors structured-merge-diff merge/update.go Apply and apimachinery pkg/util/managedfields.

import { statusError } from "../../../kubernetes/index.ts";
import type { FieldSchema, KubernetesObject } from "../../../kubernetes/index.ts";
import { deepEqual } from "../../../core/index.ts";
import type { Resource } from "../resource.ts";
import {
  difference,
  EMPTY_SET,
  formatFieldPath,
  intersection,
  isEmptySet,
  members,
  recursiveDifference,
  sameSet,
  union,
} from "./field-set.ts";
import { compareObjects } from "./compare.ts";
import type { FieldSet } from "./field-set.ts";
import { ignoredFields } from "./ignored-fields.ts";
import { isSameManager, readEntries, writeEntries } from "./managed-entries.ts";
import type { ManagedEntry } from "./managed-entries.ts";
import { mergeRecords } from "./merge-values.ts";
import { conflictsWith, ownable, withoutLost } from "./ownership.ts";
import type { OwnershipConflict } from "./ownership.ts";
import { removeFields, withNamedParents } from "./remove-items.ts";
import { settledEntries } from "./settled-sets.ts";
import { toFieldSet } from "./to-field-set.ts";
import { blank, withManagedFields } from "./track.ts";
import type { TrackOptions } from "./track.ts";
import type { Fields } from "./typed-value.ts";

export interface ApplyFieldsOptions extends TrackOptions {
  readonly force: boolean;
  /** Conflicts on these fields give way: kubectl's own earlier client-side apply. */
  readonly yielding?: FieldSet | undefined;
}

/** Updater that owns everything of an object nobody tracked before its first apply. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/**
 * The merged object, not yet decoded, with its managedFields; `live` itself when it says all of this already. `live` is undefined when the object is to be created.
 * Throws StatusError 409 with one cause per conflict.
 */
export function applyFields(
  resource: Resource,
  live: KubernetesObject | undefined,
  applied: KubernetesObject,
  options: ApplyFieldsOptions,
): KubernetesObject {
  const { schema } = resource.facts;
  const ignored = ignoredFields(resource, options.subresource);
  const base = live === undefined ? blank(resource) : withoutEntries(live);
  const entries = live === undefined ? [] : entriesOf(resource, live, options);
  const own = {
    manager: options.manager,
    operation: "Apply" as const,
    apiVersion: resource.apiVersion,
    subresource: options.subresource,
  };
  const last = entries.find((entry) => isSameManager(entry, own));
  const others = entries.filter((entry) => entry !== last);
  const full = toFieldSet(applied, schema);
  const wanted: ManagedEntry = { ...own, time: last?.time, set: ownable(full, ignored) };
  // What is pruned is judged by everything sent, system fields such as the name included.
  const sent: ManagedEntry = { ...wanted, set: recursiveDifference(full, ignored) };
  const merged = mergeRecords(base, applied, schema);
  const isDropped = last !== undefined && !isEmptySet(difference(last.set, sent.set));
  const pruned = isDropped ? prune(merged, last.set, [...others, sent], schema) : merged;
  const isRepeated = pruned === base && last !== undefined && sameSet(last.set, wanted.set);
  if (isRepeated && live !== undefined) return live;
  const comparison = compareObjects(base, pruned, schema, ignored);
  const conflicts = conflictsWith(others, comparison);
  if (!options.force) refuseConflicts(conflicts, options.yielding ?? EMPTY_SET);
  const kept = others.map((entry) => withoutLost(entry, comparison));
  const isChanged = live === undefined || !deepEqual(base, pruned);
  // An apply that changed nothing is not dated, unless it was dated before.
  const settled = { ...wanted, time: isChanged ? options.time : last?.time };
  const managedFields = writeEntries([...kept, settled]);
  // The merge of two objects of a kind is an object of that kind.
  return withManagedFields(pruned as unknown as KubernetesObject, managedFields);
}

function withoutEntries(object: KubernetesObject): Fields {
  return withManagedFields(object, undefined);
}

function entriesOf(
  resource: Resource,
  live: KubernetesObject,
  { subresource }: TrackOptions,
): readonly ManagedEntry[] {
  const entries = readEntries(live.metadata.managedFields);
  if (entries.length > 0) return settledEntries(resource, entries);
  const ignored = ignoredFields(resource, subresource);
  const { added, modified } = compareObjects(
    blank(resource),
    withoutEntries(live),
    resource.facts.schema,
    EMPTY_SET,
  );
  const set = ownable(union(added, modified), ignored);
  return [
    {
      manager: BEFORE_FIRST_APPLY,
      operation: "Update",
      apiVersion: resource.apiVersion,
      subresource: "",
      time: undefined,
      set,
    },
  ];
}

/** Removes what the manager owned and no longer sends, except what somebody else owns. */
function prune(
  merged: Fields,
  last: FieldSet,
  managers: readonly ManagedEntry[],
  schema: FieldSchema,
): Fields {
  const mergedSet = withNamedParents(toFieldSet(merged, schema), schema);
  const lastSet = withNamedParents(last, schema);
  const removed = removeFields(merged, lastSet, schema);
  const managed = managers.reduce((all, { set }) => union(all, set), EMPTY_SET);
  const removedSet = withNamedParents(toFieldSet(removed, schema), schema);
  const ownedSet = union(removedSet, withNamedParents(managed, schema));
  const restored = removeFields(merged, difference(mergedSet, ownedSet), schema);
  const restoredSet = withNamedParents(toFieldSet(restored, schema), schema);
  return removeFields(merged, intersection(difference(mergedSet, restoredSet), lastSet), schema);
}

function refuseConflicts(conflicts: readonly OwnershipConflict[], yielding: FieldSet): void {
  const causes = conflicts
    .toSorted((a, b) => (describe(a.entry) < describe(b.entry) ? -1 : 1))
    .flatMap(({ entry, fields }) =>
      members(difference(fields, yielding)).map((path) => ({
        reason: "FieldManagerConflict",
        message: `conflict with ${describe(entry)}`,
        field: formatFieldPath(path),
      })),
    );
  if (causes.length === 0) return;
  const noun = causes.length === 1 ? "conflict" : "conflicts";
  throw statusError("Conflict", `Apply failed with ${causes.length} ${noun}: ${summary(causes)}`, {
    causes,
  });
}

/** One conflict on a line of its own; several are grouped by manager. */
function summary(causes: readonly { readonly message: string; readonly field: string }[]): string {
  const byMessage = new Map<string, string[]>();
  for (const { message, field } of causes) {
    byMessage.set(message, [...(byMessage.get(message) ?? []), field]);
  }
  const [first] = byMessage;
  if (causes.length === 1 && first !== undefined) return `${first[0]}: ${first[1].join("")}`;
  const groups = [...byMessage].map(([message, fields]) =>
    [`${message.replace("conflict", "conflicts")}:`, ...fields.map((field) => `- ${field}`)].join(
      "\n",
    ),
  );
  return groups.join("\n");
}

function describe({ manager, operation, apiVersion, subresource }: ManagedEntry): string {
  const quoted = JSON.stringify(manager);
  const within = subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  if (operation === "Apply") return `${quoted}${within}`;
  return `${quoted}${within} using ${apiVersion}`;
}

// `metadata.managedFields` as entries with sets: reading, writing, sorting, and folding old managers together.
// Mirrors apimachinery pkg/util/managedfields/internal.

import { isRecord } from "../../../core/index.ts";
import type { JsonObject } from "../../../core/index.ts";
import type { ManagedFieldsEntry, ObjectMeta } from "../../../kubernetes/index.ts";
import { EMPTY_SET, isEmptySet, union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";

export interface ManagedEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly set: FieldSet;
  /** Where it was read from; written back as it is when nothing has changed. */
  readonly source?: ManagedFieldsEntry;
}

/** Update entries beyond this are folded into one named `ancient-changes`. */
const UPDATE_ENTRIES_MAX = 10;
const ANCIENT = "ancient-changes";

export function readEntries(managedFields: ObjectMeta["managedFields"]): readonly ManagedEntry[] {
  if (managedFields === undefined) return [];
  let entries = known.get(managedFields);
  if (entries === undefined) {
    entries = managedFields.filter(isComplete).map(readEntry);
    if (Object.isFrozen(managedFields)) known.set(managedFields, entries);
  }
  return entries;
}

/** Frozen fields → their entries: objects written alike share them. */
const known = new WeakMap<object, readonly ManagedEntry[]>();

function readEntry(entry: ManagedFieldsEntry): ManagedEntry {
  return {
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    subresource: entry.subresource ?? "",
    time: entry.time,
    // FieldsV1 is a field set as it stands.
    set: entry.fieldsV1 as FieldSet,
    source: entry,
  };
}

function isComplete(entry: ManagedFieldsEntry): boolean {
  const isKnown = entry.operation === "Apply" || entry.operation === "Update";
  return isKnown && isRecord(entry.fieldsV1);
}

/** Undefined when nobody manages anything. */
export function writeEntries(
  entries: readonly ManagedEntry[],
): readonly ManagedFieldsEntry[] | undefined {
  const kept = capped(entries.filter(({ set }) => !isEmptySet(set)));
  return kept.length === 0 ? undefined : kept.toSorted(compareEntries).map(writeEntry);
}

function writeEntry(entry: ManagedEntry): ManagedFieldsEntry {
  const { manager, operation, apiVersion, time, set, subresource, source } = entry;
  if (source !== undefined && source.fieldsV1 === set && source.time === time) return source;
  return {
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: set as JsonObject,
    ...(subresource === "" ? {} : { subresource }),
  };
}

/** Appliers first, then by time, manager, version and subresource. */
function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time ?? "", b.time ?? "") ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two entries are the same manager: an applier is, whatever version it applied in. */
export function isSameManager(
  a: Omit<ManagedEntry, "set" | "time">,
  b: Omit<ManagedEntry, "set" | "time">,
): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === "Apply" || a.apiVersion === b.apiVersion)
  );
}

/** Folds the oldest updaters together, one bucket per version, until few enough are left. */
function capped(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  const updaters = entries.filter(({ operation }) => operation === "Update");
  if (updaters.length <= UPDATE_ENTRIES_MAX) return entries;
  const buckets = new Map<string, ManagedEntry>();
  const folded = new Set<ManagedEntry>();
  for (const entry of updaters.toSorted(compareEntries)) {
    if (updaters.length - folded.size + buckets.size <= UPDATE_ENTRIES_MAX) break;
    const set = union(buckets.get(entry.apiVersion)?.set ?? EMPTY_SET, entry.set);
    const { source: _source, ...rest } = entry;
    buckets.set(entry.apiVersion, { ...rest, manager: ANCIENT, subresource: "", set });
    folded.add(entry);
  }
  return [...entries.filter((entry) => !folded.has(entry)), ...buckets.values()];
}

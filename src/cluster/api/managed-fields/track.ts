// Notes on every create, update and patch which manager set which fields. Mirrors apimachinery pkg/util/managedfields.

import type { KubernetesObject, ManagedFieldsEntry } from "../../../kubernetes/index.ts";
import { emptyStruct } from "../decoding/zero-values.ts";
import type { Resource } from "../resource.ts";
import { EMPTY_SET, isEmptySet, union } from "./field-set.ts";
import { compareObjects } from "./compare.ts";
import { ignoredFields } from "./ignored-fields.ts";
import { isSameManager, readEntries, writeEntries } from "./managed-entries.ts";
import type { ManagedEntry } from "./managed-entries.ts";
import { ownable, withoutLost } from "./ownership.ts";
import { settledEntries } from "./settled-sets.ts";
import type { Fields } from "./typed-value.ts";

export interface TrackOptions {
  readonly manager: string;
  readonly subresource: string;
  /** RFC 3339. */
  readonly time: string;
}

export function trackUpdate(
  resource: Resource,
  current: KubernetesObject | undefined,
  next: KubernetesObject,
  options: TrackOptions,
): KubernetesObject {
  const entries = startingEntries(current, next, options);
  // Somebody cleared the entries once: until the next apply nobody keeps track.
  if (entries === undefined) return withManagedFields(next, undefined);
  const { manager, subresource, time } = options;
  const ignored = ignoredFields(resource, subresource);
  const before = current ?? blank(resource);
  const comparison = compareObjects(before, next, resource.facts.schema, ignored);
  // What is ignored has not been compared.
  const taken = ownable(union(comparison.added, comparison.modified), EMPTY_SET);
  const settled = settledEntries(resource, entries);
  const others = settled.map((entry) => withoutLost(entry, comparison));
  const own = {
    manager,
    operation: "Update" as const,
    apiVersion: resource.apiVersion,
    subresource,
  };
  if (isEmptySet(taken)) return withEntries(next, others, entries);
  const old = others.find((entry) => isSameManager(entry, own));
  const set = old === undefined ? taken : union(old.set, taken);
  return withEntries(
    next,
    [...others.filter((entry) => entry !== old), { ...own, time, set }],
    entries,
  );
}

/** Undefined when an existing object has lost its entries. */
function startingEntries(
  current: KubernetesObject | undefined,
  next: KubernetesObject,
  { subresource }: TrackOptions,
): readonly ManagedEntry[] | undefined {
  const live = readEntries(current?.metadata.managedFields);
  if (subresource !== "") return current !== undefined && live.length === 0 ? undefined : live;
  const given = next.metadata.managedFields;
  if (isReset(given)) return current === undefined ? [] : undefined;
  const own = given === current?.metadata.managedFields ? live : readEntries(given);
  const entries = own.length === 0 ? live : own;
  return current !== undefined && entries.length === 0 ? undefined : entries;
}

/** One empty entry: the way to say "forget who set what". */
function isReset(managedFields: readonly ManagedFieldsEntry[] | undefined): boolean {
  const [first] = managedFields ?? [];
  return managedFields?.length === 1 && first !== undefined && Object.keys(first).length === 0;
}

/** What a new object is compared with: Go's empty value of the kind, with the lists it writes as null. */
export function blank({ facts, strategy }: Resource): Fields {
  if (facts.custom !== undefined) return {};
  // The empty struct of an object schema is a record.
  const empty = emptyStruct(facts.schema) as KubernetesObject;
  return strategy.canonicalize?.(empty) ?? empty;
}

function withEntries(
  object: KubernetesObject,
  entries: readonly ManagedEntry[],
  before: readonly ManagedEntry[],
): KubernetesObject {
  const isSame =
    entries.length === before.length && entries.every((entry, index) => entry === before[index]);
  if (
    isSame &&
    object.metadata.managedFields !== undefined &&
    !isReset(object.metadata.managedFields)
  ) {
    const count = object.metadata.managedFields.length;
    if (count === entries.length) return object;
  }
  return withManagedFields(object, writeEntries(entries));
}

export function withManagedFields(
  object: KubernetesObject,
  managedFields: readonly ManagedFieldsEntry[] | undefined,
): KubernetesObject {
  const { metadata } = object;
  if (metadata.managedFields === managedFields) return object;
  if (managedFields !== undefined) return { ...object, metadata: { ...metadata, managedFields } };
  const { managedFields: _old, ...others } = metadata;
  return { ...object, metadata: others };
}

// Notes on every create, update and patch which manager set which fields. Mirrors apimachinery pkg/util/managedfields.

import type {
  KubernetesObject,
  ManagedFieldsEntry,
  ObjectMeta,
} from "../../../kubernetes/index.ts";
import { emptyStruct } from "../decoding/zero-values.ts";
import type { Resource } from "../resource.ts";
import { deepFreeze } from "../../store/freeze.ts";
import { EMPTY_SET, isEmptySet, union } from "./field-set.ts";
import { compareObjects } from "./compare.ts";
import type { Comparison } from "./compare.ts";
import { ignoredFields } from "./ignored-fields.ts";
import { isLater, laterFields, settledFields } from "./later.ts";
import { isSameManager, readEntries, writeEntries } from "./managed-entries.ts";
import { ownable, withoutLost } from "./ownership.ts";
import { settledEntries } from "./settled-sets.ts";
import type { Fields } from "./typed-value.ts";

export interface TrackOptions {
  readonly manager: string;
  readonly subresource: string;
  /** RFC 3339. */
  readonly time: string;
  /** The writer never asks who set what: the entries may be worked out when somebody does. */
  readonly mayWait?: boolean;
}

export function trackUpdate(
  resource: Resource,
  current: KubernetesObject | undefined,
  next: KubernetesObject,
  options: TrackOptions,
): KubernetesObject {
  if (options.mayWait === true && isSureToOwn(resource, current, next, options)) {
    return withManagedFields(next, trackLater(resource, current, next, options));
  }
  const start = startingFields(current, next, options);
  // Somebody cleared the entries once: until the next apply nobody keeps track.
  if (start === "untracked") return withManagedFields(next, undefined);
  const from = settledFields(start);
  return withManagedFields(next, trackFrom(resource, from, current, next, options));
}

function trackFrom(
  resource: Resource,
  from: ManagedFields,
  current: KubernetesObject | undefined,
  next: KubernetesObject,
  options: TrackOptions,
): ManagedFields {
  const ignored = ignoredFields(resource, options.subresource);
  const before = current ?? blank(resource);
  const comparison = compareObjects(before, next, resource.facts.schema, ignored);
  return trackedOnce(resource, from, comparison, options);
}

/** Subresources whose writes leave the labels alone. */
const LEAVES_LABELS: ReadonlySet<string> = new Set(["status"]);

/**
 * Whether there will be entries, known without working them out: a new object's creator owns its labels, and an event's its
 * reason; labels are kept over writes that leave them alone. Custom kinds change their schemas, and converted ones are compared in either version.
 */
function isSureToOwn(
  resource: Resource,
  current: KubernetesObject | undefined,
  next: KubernetesObject,
  { subresource }: TrackOptions,
): boolean {
  const { facts, apiVersion, storageVersion } = resource;
  if (facts.custom !== undefined || apiVersion !== storageVersion) return false;
  const { labels, managedFields } = next.metadata;
  if (current === undefined) {
    return managedFields === undefined && (hasMembers(labels) || facts.kind === "Event");
  }
  const { metadata } = current;
  return (
    LEAVES_LABELS.has(subresource) && metadata.labels === labels && isLater(metadata.managedFields)
  );
}

function hasMembers(record: Readonly<Record<string, unknown>> | undefined): boolean {
  for (const _ in record) return true;
  return false;
}

function trackLater(
  resource: Resource,
  current: KubernetesObject | undefined,
  next: KubernetesObject,
  options: TrackOptions,
): ManagedFields {
  const live = current?.metadata.managedFields;
  return laterFields(live, (from) => trackFrom(resource, from, current, next, options) ?? []);
}

type ManagedFields = ObjectMeta["managedFields"];

/** What the write starts from; `untracked` when an existing object has lost its entries. */
function startingFields(
  current: KubernetesObject | undefined,
  next: KubernetesObject,
  { subresource }: TrackOptions,
): ManagedFields | "untracked" {
  const live = settledFields(current?.metadata.managedFields);
  const given = settledFields(next.metadata.managedFields);
  const isStated = subresource === "" && given !== live;
  if (isStated && isReset(given)) return current === undefined ? undefined : "untracked";
  const from = isStated && readEntries(given).length > 0 ? given : live;
  return current !== undefined && readEntries(from).length === 0 ? "untracked" : from;
}

/** A write and what it made of the entries it found. */
interface Tracked extends TrackOptions {
  readonly comparison: Comparison;
  readonly resource: Resource;
  readonly managedFields: ManagedFields;
}

/**
 * What a write found → the last write that was made from there. A hundred pods of one template are written alike within
 * the same second: they share their entries, and sets that compare equal are the same object.
 */
const lastTracked = new WeakMap<object, Tracked>();

function trackedOnce(
  resource: Resource,
  from: ManagedFields,
  comparison: Comparison,
  options: TrackOptions,
): ManagedFields {
  // What is not frozen may be another tomorrow.
  if (from !== undefined && !Object.isFrozen(from))
    return track(resource, from, comparison, options);
  const key = from ?? resource;
  const last = lastTracked.get(key);
  if (last?.resource === resource && isSameWrite(last, comparison, options))
    return last.managedFields;
  const managedFields = deepFreeze(track(resource, from, comparison, options));
  lastTracked.set(key, { ...options, resource, comparison, managedFields });
  return managedFields;
}

function isSameWrite(last: Tracked, comparison: Comparison, options: TrackOptions): boolean {
  return (
    last.comparison.added === comparison.added &&
    last.comparison.modified === comparison.modified &&
    last.comparison.removed === comparison.removed &&
    last.manager === options.manager &&
    last.subresource === options.subresource &&
    last.time === options.time
  );
}

/** The very same fields when the write owns nothing and takes nothing away. */
function track(
  resource: Resource,
  from: ManagedFields,
  comparison: Comparison,
  { manager, subresource, time }: TrackOptions,
): ManagedFields {
  const entries = readEntries(from);
  // What is ignored has not been compared.
  const taken = ownable(union(comparison.added, comparison.modified), EMPTY_SET);
  const others = settledEntries(resource, entries).map((entry) => withoutLost(entry, comparison));
  const own = {
    manager,
    operation: "Update" as const,
    apiVersion: resource.apiVersion,
    subresource,
  };
  const isSame =
    entries.length === from?.length && others.every((entry, index) => entry === entries[index]);
  if (isEmptySet(taken)) return isSame ? from : writeEntries(others);
  const old = others.find((entry) => isSameManager(entry, own));
  const set = old === undefined ? taken : union(old.set, taken);
  return writeEntries([...others.filter((entry) => entry !== old), { ...own, time, set }]);
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

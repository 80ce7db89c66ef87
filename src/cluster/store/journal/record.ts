// What the files say: objects put and deleted, how far history was compacted, and of each file what it is.

import { InvariantError } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Revision, StoreEvent, StoreKey } from "../store.ts";

type KeyParts = readonly [resource: string, namespace: string, name: string];

/** The first record of a file. */
export interface FileRecord {
  readonly file: "journal" | "snapshot";
  readonly version: number;
  /** The revision before the first one in a journal; the state that a snapshot shows. */
  readonly revision: Revision;
  /** Of a snapshot: how far history had been compacted. */
  readonly compacted?: Revision;
}

/** The object's own resource version is the revision. */
export interface PutRecord {
  readonly put: KeyParts;
  readonly object: KubernetesObject;
}

export interface DeleteRecord {
  readonly delete: KeyParts;
  readonly revision: Revision;
  /** The last state where it differs from the one before. */
  readonly object?: KubernetesObject;
}

export interface CompactRecord {
  readonly compact: Revision;
}

/** The last record of a snapshot: one without it was not finished. */
export interface EndRecord {
  readonly end: number;
}

export type JournalRecord = FileRecord | PutRecord | DeleteRecord | CompactRecord | EndRecord;

/** Of files this version writes. A later one is refused. */
export const FORMAT_VERSION = 1;

export function putRecord(
  { resource, namespace, name }: StoreKey,
  object: KubernetesObject,
): PutRecord {
  return { put: [resource, namespace, name], object };
}

export function eventRecord(event: StoreEvent, last: KubernetesObject | undefined): JournalRecord {
  const { key, revision, object, previous } = event;
  if (event.type === "put") return putRecord(key, object);
  const gone = { delete: [key.resource, key.namespace, key.name] as const, revision };
  return last === undefined || last === previous ? gone : { ...gone, object: last };
}

export function keyOfRecord([resource, namespace, name]: KeyParts): StoreKey {
  return { resource, namespace, name };
}

/** Records are read only from frames whose checksum holds, so what is in them was written by this file's functions. */
export function asRecord(value: unknown): JournalRecord {
  if (typeof value !== "object" || value === null) {
    throw new InvariantError("a record of the store is an object");
  }
  return value as JournalRecord;
}

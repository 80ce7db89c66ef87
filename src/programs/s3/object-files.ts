// Objects on disk: `BUCKET/HASH.data` and `BUCKET/HASH.json` with everything S3 says about an object. All descriptions are held
// in memory, so lists need no disk; a write is renamed into place, so a crash leaves the old object or the new one.

import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** ISO 8601. */
  readonly modified: string;
  /** Headers that are given back as they came: content-type, x-amz-meta-… */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ObjectFiles {
  buckets(): readonly string[];
  has(bucket: string): boolean;
  create(bucket: string): void;
  remove(bucket: string): void;
  get(bucket: string, key: string): StoredObject | undefined;
  /** Sorted by key as UTF-8 bytes. */
  list(bucket: string): readonly StoredObject[];
  put(bucket: string, object: Omit<StoredObject, "size">, data: Buffer): StoredObject;
  delete(bucket: string, key: string): void;
  /** `end` is included. */
  read(
    bucket: string,
    key: string,
    range?: { readonly start: number; readonly end: number },
  ): Readable;
}

export function openObjectFiles(folder: string): ObjectFiles {
  mkdirSync(folder, { recursive: true });
  const buckets = new Map<string, Map<string, StoredObject>>();
  for (const name of readdirSync(folder)) buckets.set(name, readBucket(join(folder, name)));
  const file = (bucket: string, key: string, end: string): string =>
    join(folder, bucket, `${hashOf(key)}.${end}`);
  const objects = (bucket: string): Map<string, StoredObject> => buckets.get(bucket) ?? new Map();
  return {
    buckets: () => [...buckets.keys()].toSorted(),
    has: (bucket) => buckets.has(bucket),
    create(bucket) {
      mkdirSync(join(folder, bucket), { recursive: true });
      if (!buckets.has(bucket)) buckets.set(bucket, new Map());
    },
    remove(bucket) {
      buckets.delete(bucket);
      rmSync(join(folder, bucket), { recursive: true, force: true });
    },
    get: (bucket, key) => objects(bucket).get(key),
    list: (bucket) => [...objects(bucket).values()].toSorted((a, b) => compareKeys(a.key, b.key)),
    put(bucket, object, data) {
      const stored = { ...object, size: data.length };
      replaceFile(file(bucket, object.key, "data"), data);
      replaceFile(file(bucket, object.key, "json"), JSON.stringify(stored));
      objects(bucket).set(object.key, stored);
      return stored;
    },
    delete(bucket, key) {
      if (!objects(bucket).delete(key)) return;
      for (const end of ["json", "data"]) rmSync(file(bucket, key, end), { force: true });
    },
    read: (bucket, key, range) => createReadStream(file(bucket, key, "data"), range ?? {}),
  };
}

function readBucket(folder: string): Map<string, StoredObject> {
  const objects = new Map<string, StoredObject>();
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".json")) continue;
    const stored = JSON.parse(readFileSync(join(folder, name), "utf8")) as StoredObject;
    objects.set(stored.key, stored);
  }
  return objects;
}

function replaceFile(path: string, data: string | Buffer): void {
  writeFileSync(`${path}.next`, data);
  renameSync(`${path}.next`, path);
}

/** Keys may be longer than the names of files, and hold anything. */
const hashOf = (key: string): string => createHash("sha256").update(key).digest("hex");

export const compareKeys = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

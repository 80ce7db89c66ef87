// The current objects of one resource, by namespace and name. Writing costs the same however many there are; the order
// of keys is made when somebody lists, from what was sorted before and what came since.

import type { KubernetesObject } from "../../kubernetes/index.ts";

export interface ObjectTable {
  readonly size: number;
  get(namespace: string, name: string): KubernetesObject | undefined;
  set(namespace: string, name: string, object: KubernetesObject): void;
  remove(namespace: string, name: string): void;
  /** Sorted by `namespace/name`, as etcd sorts its keys. */
  list(namespace?: string): readonly KubernetesObject[];
}

interface Bucket {
  readonly objects: Map<string, KubernetesObject>;
  /** In order; may hold names of `removed`. */
  sorted: string[];
  /** Names that came since, in any order. None of them is in `sorted`. */
  added: string[];
  /** Names of either list whose object is gone. */
  readonly removed: Set<string>;
  /** What was listed last, while it is still right: pages of a list are cut from one. */
  listed: readonly KubernetesObject[] | undefined;
}

/** Few enough to carry along, many enough that sorting is rare. */
const REMOVED_MAX = 64;

export function createObjectTable(): ObjectTable {
  const buckets = new Map<string, Bucket>();
  let size = 0;
  /** What was listed last of all namespaces, while it is still right: every write asks for policies, webhooks and classes. */
  let listed: readonly KubernetesObject[] | undefined;
  return {
    get size() {
      return size;
    },
    get: (namespace, name) => buckets.get(namespace)?.objects.get(name),
    set(namespace, name, object) {
      const bucket = bucketOf(buckets, namespace);
      if (!bucket.objects.has(name)) {
        size += 1;
        addName(bucket, name);
      }
      bucket.objects.set(name, object);
      bucket.listed = undefined;
      listed = undefined;
    },
    remove(namespace, name) {
      const bucket = buckets.get(namespace);
      if (bucket === undefined || !bucket.objects.delete(name)) return;
      size -= 1;
      bucket.listed = undefined;
      listed = undefined;
      if (bucket.objects.size === 0) buckets.delete(namespace);
      else forgetName(bucket, name);
    },
    list(namespace) {
      if (namespace !== undefined) {
        const bucket = buckets.get(namespace);
        return bucket === undefined ? NOTHING : listBucket(bucket);
      }
      return (listed ??= listAll(buckets));
    },
  };
}

function listAll(buckets: ReadonlyMap<string, Bucket>): readonly KubernetesObject[] {
  const namespaces = [...buckets].toSorted((a, b) => compareText(`${a[0]}/`, `${b[0]}/`));
  const lists = namespaces.map(([, bucket]) => listBucket(bucket));
  // What has no namespaces has one list, which is kept already.
  return lists.length === 1 ? (lists[0] ?? NOTHING) : lists.flat();
}

const NOTHING: readonly KubernetesObject[] = [];

function bucketOf(buckets: Map<string, Bucket>, namespace: string): Bucket {
  const existing = buckets.get(namespace);
  if (existing !== undefined) return existing;
  const bucket: Bucket = {
    objects: new Map(),
    sorted: [],
    added: [],
    removed: new Set(),
    listed: undefined,
  };
  buckets.set(namespace, bucket);
  return bucket;
}

/** A name that comes back is still where it was; one beyond the last keeps the order. */
function addName({ sorted, added, removed }: Bucket, name: string): void {
  if (removed.delete(name)) return;
  const last = sorted.at(-1);
  const isNext = added.length === 0 && (last === undefined || compareText(last, name) < 0);
  if (isNext) sorted.push(name);
  else added.push(name);
}

/** Names of what is gone must not pile up where nobody lists. */
function forgetName(bucket: Bucket, name: string): void {
  bucket.removed.add(name);
  if (bucket.removed.size > bucket.objects.size + REMOVED_MAX) sortNames(bucket);
}

function listBucket(bucket: Bucket): readonly KubernetesObject[] {
  return (bucket.listed ??= readBucket(bucket));
}

function readBucket(bucket: Bucket): readonly KubernetesObject[] {
  if (bucket.added.length > 0 || bucket.removed.size > 0) sortNames(bucket);
  const objects: KubernetesObject[] = [];
  for (const name of bucket.sorted) {
    const object = bucket.objects.get(name);
    if (object !== undefined) objects.push(object);
  }
  return objects;
}

/** Merges what came into what was sorted, and forgets what is gone. */
function sortNames(bucket: Bucket): void {
  const { sorted, removed } = bucket;
  const added = bucket.added.toSorted(compareText);
  const merged: string[] = [];
  let next = 0;
  const take = (name: string): void => {
    if (!removed.has(name)) merged.push(name);
  };
  for (const name of sorted) {
    for (
      let one = added[next];
      one !== undefined && compareText(one, name) < 0;
      one = added[next]
    ) {
      take(one);
      next += 1;
    }
    take(name);
  }
  for (const name of added.slice(next)) take(name);
  bucket.sorted = merged;
  bucket.added = [];
  removed.clear();
}

/** By UTF-16 code unit; object names are ASCII, so this equals the order of bytes. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// The current objects of one resource, by namespace and name, kept in the order of their keys.

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
  /** Sorted. */
  readonly names: string[];
}

export function createObjectTable(): ObjectTable {
  const buckets = new Map<string, Bucket>();
  let size = 0;
  const listBucket = (bucket: Bucket): KubernetesObject[] => {
    const objects: KubernetesObject[] = [];
    for (const name of bucket.names) {
      const object = bucket.objects.get(name);
      if (object !== undefined) objects.push(object);
    }
    return objects;
  };
  return {
    get size() {
      return size;
    },
    get: (namespace, name) => buckets.get(namespace)?.objects.get(name),
    set(namespace, name, object) {
      const bucket = bucketOf(buckets, namespace);
      if (!bucket.objects.has(name)) {
        size += 1;
        bucket.names.splice(positionOf(bucket.names, name), 0, name);
      }
      bucket.objects.set(name, object);
    },
    remove(namespace, name) {
      const bucket = buckets.get(namespace);
      if (bucket === undefined || !bucket.objects.delete(name)) return;
      size -= 1;
      bucket.names.splice(positionOf(bucket.names, name), 1);
      if (bucket.objects.size === 0) buckets.delete(namespace);
    },
    list(namespace) {
      if (namespace !== undefined) {
        const bucket = buckets.get(namespace);
        return bucket === undefined ? [] : listBucket(bucket);
      }
      const namespaces = [...buckets].toSorted((a, b) => compareText(`${a[0]}/`, `${b[0]}/`));
      return namespaces.flatMap(([, bucket]) => listBucket(bucket));
    },
  };
}

function bucketOf(buckets: Map<string, Bucket>, namespace: string): Bucket {
  const existing = buckets.get(namespace);
  if (existing !== undefined) return existing;
  const bucket: Bucket = { objects: new Map(), names: [] };
  buckets.set(namespace, bucket);
  return bucket;
}

/** Where the name is, or belongs; binary search. Numbered names arrive in order and go to the end at once. */
function positionOf(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  if (high > 0 && compareText(names[high - 1] ?? "", name) < 0) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareText(names[middle] ?? "", name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By UTF-16 code unit; object names are ASCII, so this equals the order of bytes. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

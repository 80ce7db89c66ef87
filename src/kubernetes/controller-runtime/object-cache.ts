// The objects of one kind by namespace and name, indexed by controller. Arrays handed out are kept until
// the next change, so that a read costs nothing while nothing moves.

import type { KubernetesObject } from "../object.ts";

export interface ObjectCache {
  get(name: string, namespace?: string): KubernetesObject | undefined;
  list(namespace?: string): readonly KubernetesObject[];
  ownedBy(uid: string): readonly KubernetesObject[];
  /** Stores the object and returns what was there before. */
  set(object: KubernetesObject): KubernetesObject | undefined;
  delete(name: string, namespace: string | undefined): KubernetesObject | undefined;
}

interface Bucket {
  readonly byName: Map<string, KubernetesObject>;
  /** Undefined when stale. */
  array: readonly KubernetesObject[] | undefined;
}

export function createObjectCache(): ObjectCache {
  const namespaces = new Map<string, Bucket>();
  const owners = new Map<string, Map<string, KubernetesObject>>();
  let all: readonly KubernetesObject[] | undefined;

  const bucketOf = (namespace: string): Bucket => {
    const known = namespaces.get(namespace);
    if (known !== undefined) return known;
    const bucket: Bucket = { byName: new Map(), array: undefined };
    namespaces.set(namespace, bucket);
    return bucket;
  };
  const own = (object: KubernetesObject, uid = controllerUid(object)): void => {
    if (uid === undefined) return;
    let owned = owners.get(uid);
    if (owned === undefined) owners.set(uid, (owned = new Map()));
    owned.set(ownedKey(object), object);
  };
  const disown = (object: KubernetesObject): void => {
    const uid = controllerUid(object);
    const owned = uid === undefined ? undefined : owners.get(uid);
    if (uid === undefined || owned === undefined) return;
    owned.delete(ownedKey(object));
    if (owned.size === 0) owners.delete(uid);
  };

  return {
    get: (name, namespace) => namespaces.get(namespace ?? "")?.byName.get(name),
    list(namespace) {
      if (namespace === undefined) return (all ??= listAll(namespaces));
      const bucket = namespaces.get(namespace);
      if (bucket === undefined) return [];
      return (bucket.array ??= [...bucket.byName.values()]);
    },
    ownedBy: (uid) => [...(owners.get(uid)?.values() ?? [])],
    set(object) {
      const bucket = bucketOf(object.metadata.namespace ?? "");
      const before = bucket.byName.get(object.metadata.name);
      const owner = controllerUid(object);
      if (before !== undefined && controllerUid(before) !== owner) disown(before);
      bucket.byName.set(object.metadata.name, object);
      own(object, owner);
      bucket.array = undefined;
      all = undefined;
      return before;
    },
    delete(name, namespace) {
      const bucket = namespaces.get(namespace ?? "");
      const before = bucket?.byName.get(name);
      if (bucket === undefined || before === undefined) return undefined;
      bucket.byName.delete(name);
      if (bucket.byName.size === 0) namespaces.delete(namespace ?? "");
      bucket.array = undefined;
      all = undefined;
      disown(before);
      return before;
    },
  };
}

/** The uid of the owner with `controller: true`, of which an object has at most one. */
export function controllerUid(object: KubernetesObject): string | undefined {
  const owners = object.metadata.ownerReferences;
  if (owners === undefined) return undefined;
  for (let index = 0; index < owners.length; index += 1) {
    const owner = owners[index];
    if (owner?.controller === true) return owner.uid;
  }
  return undefined;
}

function listAll(namespaces: ReadonlyMap<string, Bucket>): readonly KubernetesObject[] {
  return [...namespaces.values()].flatMap(({ byName }) => [...byName.values()]);
}

/** Within one owner, objects of one kind differ by name; namespace is added for cluster-scoped owners. */
function ownedKey({ metadata }: KubernetesObject): string {
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}

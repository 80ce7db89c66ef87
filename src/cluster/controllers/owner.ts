// Owner references with `controller: true`: who manages an object. Mirrors apimachinery
// meta/v1/controller_ref.go.

import { invariant } from "../../core/index.ts";
import type { KindRef, KubernetesObject, OwnerReference } from "../../kubernetes/index.ts";

export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences;
  if (owners === undefined) return undefined;
  // Everybody who watches pods asks this of every one.
  for (let index = 0; index < owners.length; index += 1) {
    const owner = owners[index];
    if (owner?.controller === true) return owner;
  }
  return undefined;
}

export function controllerReference(owner: KubernetesObject): OwnerReference {
  const { name, uid } = owner.metadata;
  invariant(uid !== undefined, "an owner read from the API has a uid");
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The queue key of an object's controller, when that is of the given kind. */
export function controllerKey(object: KubernetesObject, kind: KindRef): string | undefined {
  const owner = controllerOf(object);
  if (owner === undefined || owner.kind !== kind.kind) return undefined;
  if (groupOf(owner.apiVersion) !== groupOf(kind.apiVersion)) return undefined;
  const { namespace } = object.metadata;
  return namespace === undefined ? owner.name : `${namespace}/${owner.name}`;
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

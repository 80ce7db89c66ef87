// A resource as this API serves it: the facts of the kind in the requested version, where it is stored, how it behaves.

import { formatApiVersion } from "../../kubernetes/index.ts";
import type { KindFacts, KubernetesObject } from "../../kubernetes/index.ts";
import type { StoreKey } from "../store/index.ts";
import type { Strategy } from "./strategy.ts";

export interface Resource {
  readonly facts: KindFacts;
  /** `apps/v1`. */
  readonly apiVersion: string;
  /** `group/plural` of what is stored; versions and aliases of one thing share it. */
  readonly storeResource: string;
  /** The apiVersion objects are stored in. */
  readonly storageVersion: string;
  readonly strategy: Strategy;
  /** What `status` reads before any controller has written it; undefined for none. */
  readonly initialStatus: unknown;
  /** Its definition is being deleted: nothing new is taken. */
  readonly isTerminating?: boolean;
}

export function storeKey(
  { storeResource, facts }: Resource,
  namespace: string | undefined,
  name: string,
): StoreKey {
  return { resource: storeResource, namespace: facts.namespaced ? (namespace ?? "") : "", name };
}

export function keyOfObject(resource: Resource, { metadata }: KubernetesObject): StoreKey {
  return storeKey(resource, metadata.namespace, metadata.name);
}

export function apiVersionOf({ group, version }: KindFacts): string {
  return formatApiVersion(group, version);
}

export function hasSubresource({ facts }: Resource, name: string): boolean {
  return facts.subresources.includes(name);
}

// Between the version an object is stored in and the one a client asked for. Custom kinds with strategy `None` only
// change their apiVersion; the few built-in kinds with two versions have a converter of their own.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";
import { BUILTIN_CONVERTERS } from "./builtin-converters.ts";

/** Remembered per stored object, so that reading it twice gives the same object. */
const converted = new WeakMap<KubernetesObject, Map<string, KubernetesObject>>();

export function toVersion({ apiVersion }: Resource, stored: KubernetesObject): KubernetesObject {
  if (stored.apiVersion === apiVersion) return stored;
  const known = converted.get(stored) ?? new Map<string, KubernetesObject>();
  converted.set(stored, known);
  let result = known.get(apiVersion);
  if (result === undefined) {
    result = convert(stored, apiVersion);
    known.set(apiVersion, result);
  }
  return result;
}

export function toStorage(
  { storageVersion }: Resource,
  object: KubernetesObject,
): KubernetesObject {
  return object.apiVersion === storageVersion ? object : convert(object, storageVersion);
}

function convert(object: KubernetesObject, apiVersion: string): KubernetesObject {
  const converter = BUILTIN_CONVERTERS[`${object.kind} ${object.apiVersion} ${apiVersion}`];
  return { ...(converter?.(object) ?? object), apiVersion };
}

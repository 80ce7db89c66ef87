// GET of one object.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import { toVersion } from "../conversion/convert.ts";
import { notFound } from "../refusals.ts";
import { storeKey } from "../resource.ts";
import type { ObjectTarget } from "./requests.ts";

export function get(
  api: ApiContext,
  { resource, namespace, name }: Omit<ObjectTarget, "caller">,
): KubernetesObject {
  const stored = api.store.get(storeKey(resource, namespace, name));
  if (stored === undefined) throw notFound(resource.facts, name);
  return toVersion(resource, stored);
}

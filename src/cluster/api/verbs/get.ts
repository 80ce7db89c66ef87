// GET of one object.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import { notFound } from "../refusals.ts";
import { storeKey } from "../resource.ts";
import { readable } from "./readable.ts";
import type { ObjectTarget } from "./requests.ts";

export function get(
  api: ApiContext,
  { resource, namespace, name }: Omit<ObjectTarget, "caller">,
): KubernetesObject {
  const stored = api.store.get(storeKey(resource, namespace, name));
  if (stored === undefined) throw notFound(resource.facts, name);
  return readable(api, resource, stored);
}

// DELETE of a collection: every object a list would give, one after the other.

import { isNotFound } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import { deleteObject } from "./delete.ts";
import type { DeleteSettings } from "./delete-settings.ts";
import { list } from "./list.ts";
import type { ListRequest, ListResult } from "./list.ts";

export async function deleteCollection(
  api: ApiContext,
  request: ListRequest,
  settings: DeleteSettings,
): Promise<ListResult> {
  const found = list(api, request);
  const deleted: KubernetesObject[] = [];
  for (const object of found.items) {
    const { name, namespace } = object.metadata;
    try {
      const { resource, caller } = request;
      await deleteObject(api, { resource, caller, namespace, name, ...settings });
      deleted.push(object);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { ...found, items: deleted };
}

// `/finalize` of a namespace: the only way to change spec.finalizers; the last one lets a terminating namespace go.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { revisionOf } from "../../store/index.ts";
import type { ApiContext } from "../api-context.ts";
import { decodeObject } from "../decoding/decode-object.ts";
import { storeKey } from "../resource.ts";
import { recordAt } from "../validation/fields.ts";
import type { UpdateRequest, WriteResult } from "../verbs/requests.ts";
import { updateWith } from "../verbs/update.ts";

export async function finalize(
  api: ApiContext,
  request: UpdateRequest,
): Promise<WriteResult<KubernetesObject>> {
  const { resource, caller, name } = request;
  const wanted = decodeObject(resource, request.body, { ...request, caller });
  const finalizers = recordAt(wanted, "spec")["finalizers"];
  const result = await updateWith(api, { ...request, subresource: "finalize" }, (current) => {
    const { finalizers: _old, ...spec } = recordAt(current, "spec");
    return { ...current, spec: finalizers === undefined ? spec : { ...spec, finalizers } };
  });
  const key = storeKey(resource, undefined, name);
  const stored = api.store.get(key);
  if (stored !== undefined && finalizers === undefined && isLeaving(stored) && !request.dryRun) {
    api.store.delete(key, revisionOf(stored));
    await api.store.settled();
  }
  return result;
}

function isLeaving({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
}

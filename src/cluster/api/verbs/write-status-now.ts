// A status the server itself changes in the middle of a request, without a turn of the event loop in between: what a quota
// has used is charged this way. Nothing is admitted and nothing validated.

import { invariant } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { revisionOf } from "../../store/index.ts";
import type { ApiContext } from "../api-context.ts";
import { toStorage, toVersion } from "../conversion/convert.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import { keyOfObject } from "../resource.ts";
import { timestamp } from "../timestamp.ts";

/** `object` is the stored one with another status; it must have been read in this very turn. */
export function writeStatusNow(api: ApiContext, object: KubernetesObject, manager: string): void {
  const resource = api.registry.byKind(object.apiVersion, object.kind);
  invariant(resource !== undefined, `${object.apiVersion} ${object.kind} is served`);
  const key = keyOfObject(resource, object);
  const stored = api.store.get(key);
  invariant(stored !== undefined, `${object.kind} ${object.metadata.name} is stored`);
  const options = { manager, subresource: "status", time: timestamp(api.clock) };
  const tracked = trackUpdate(resource, toVersion(resource, stored), object, options);
  api.store.put(key, toStorage(resource, tracked), revisionOf(stored));
}

// A definition that is being deleted takes its instances with it: they are deleted, and when the last one has gone the
// cleanup finalizer goes too. Mirrors apiextensions-apiserver pkg/controller/finalizer.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { isNotFound } from "../../../kubernetes/index.ts";
import { revisionOf } from "../../store/index.ts";
import type { ApiContext } from "../api-context.ts";
import { SYSTEM_ADMIN } from "../caller.ts";
import type { Caller } from "../caller.ts";
import { recordAt, textAt } from "../validation/fields.ts";
import { deleteObject } from "../verbs/delete.ts";
import { PLAIN_DELETE } from "../verbs/delete-settings.ts";
import { namesOf } from "./definition-status.ts";

export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

const CALLER: Caller = { user: SYSTEM_ADMIN, defaultManager: "kube-apiserver", warn: () => {} };

/** Deletes every instance and watches until none is left. */
export function removeInstances(api: ApiContext, definition: KubernetesObject): void {
  if (!(definition.metadata.finalizers ?? []).includes(CLEANUP_FINALIZER)) return;
  const group = textAt(recordAt(definition, "spec"), "group");
  const resource = `${group}/${namesOf(definition).plural}`;
  if (api.store.count(resource) === 0) {
    releaseDefinition(api, definition.metadata.name);
    return;
  }
  const watch = api.store.watch({ resource, after: api.store.revision }, () => {
    if (api.store.count(resource) > 0) return;
    watch.stop();
    releaseDefinition(api, definition.metadata.name);
  });
  for (const instance of api.store.list({ resource })) void remove(api, resource, instance);
}

async function remove(
  api: ApiContext,
  storeResource: string,
  { metadata }: KubernetesObject,
): Promise<void> {
  const resource = api.registry.byStoreResource(storeResource);
  if (resource === undefined || metadata.deletionTimestamp !== undefined) return;
  const { name, namespace } = metadata;
  try {
    await deleteObject(api, { ...PLAIN_DELETE, resource, namespace, name, caller: CALLER });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function releaseDefinition(api: ApiContext, name: string): void {
  const key = { resource: "apiextensions.k8s.io/customresourcedefinitions", namespace: "", name };
  const definition = api.store.get(key);
  if (definition === undefined) return;
  const { finalizers: all = [], ...rest } = definition.metadata;
  const finalizers = all.filter((one) => one !== CLEANUP_FINALIZER);
  const metadata = finalizers.length === 0 ? rest : { ...rest, finalizers };
  const revision = revisionOf(definition);
  if (finalizers.length === 0) api.store.delete(key, revision, { ...definition, metadata });
  else api.store.put(key, { ...definition, metadata }, revision);
}

// Deleting an Application deletes what it manages first, where its finalizer says so.

import { isNotFound, refOf } from "../../../../kubernetes/index.ts";
import type {
  ControllerContext,
  KubernetesObject,
  ReconcileResult,
} from "../../../../kubernetes/index.ts";
import type { DestinationState } from "./live-state.ts";
import { APPLICATION, ARGOCD_NAMESPACE, CASCADE_FINALIZER, type Application } from "./resources.ts";

/** With the cascade finalizer everything managed goes first; without it, it stays and is nobody's. */
export async function deleteApplication(
  context: ControllerContext,
  application: Application,
  state: DestinationState | undefined,
): Promise<ReconcileResult | void> {
  const { finalizers = [], name } = application.metadata;
  if (!finalizers.includes(CASCADE_FINALIZER)) return;
  const managed = state === undefined ? [] : await managedObjects(application, state);
  for (const object of managed) {
    if (object.metadata.deletionTimestamp === undefined)
      await state?.api
        .delete(refOf(object), { propagationPolicy: "Foreground" })
        .catch(ignoreNotFound);
  }
  if (managed.length > 0) return { requeueAfterMs: 1000 };
  const body = {
    metadata: { finalizers: finalizers.filter((finalizer) => finalizer !== CASCADE_FINALIZER) },
  };
  await context.api
    .patch({ ...APPLICATION, name, namespace: ARGOCD_NAMESPACE }, { type: "merge", body })
    .catch(ignoreNotFound);
}

/** After a restart nothing is followed yet: the status says which kinds to look at. */
async function managedObjects(
  application: Application,
  state: DestinationState,
): Promise<readonly KubernetesObject[]> {
  const kinds = (application.status?.resources ?? []).map(({ group, version, kind }) => ({
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
  }));
  await state.follow(kinds);
  return state.managedBy(application.metadata.name);
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

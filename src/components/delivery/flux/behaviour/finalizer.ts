// What a Kustomization or a HelmRelease takes with it when it is deleted: everything in its inventory, unless it is suspended.
// Mirrors reconcileDelete of kustomize-controller v1.8 and helm-controller v1.5 (there: Helm uninstall).

import type { ControllerContext, KubernetesObject } from "../../../../kubernetes/index.ts";
import { refOf } from "../../../../kubernetes/index.ts";
import { applySet } from "./applied.ts";
import { FINALIZER, type FluxStatus } from "./resources.ts";

export async function keepFinalizer(
  { api }: ControllerContext,
  found: KubernetesObject,
  fieldManager: string,
): Promise<void> {
  const { finalizers = [] } = found.metadata;
  if (finalizers.includes(FINALIZER)) return;
  const body = { metadata: { finalizers: [...finalizers, FINALIZER] } };
  await api.patch(refOf(found), { type: "merge", body }, { fieldManager });
}

export async function finish(
  { api, clock }: ControllerContext,
  found: KubernetesObject & { readonly status?: FluxStatus },
  manager: string,
  takesAlong: boolean,
): Promise<void> {
  const { finalizers = [] } = found.metadata;
  if (!finalizers.includes(FINALIZER)) return;
  if (takesAlong) await applySet([], found.status, { api, clock, manager, prune: true });
  const body = { metadata: { finalizers: finalizers.filter((one) => one !== FINALIZER) } };
  await api.patch(refOf(found), { type: "merge", body }, { fieldManager: manager });
}

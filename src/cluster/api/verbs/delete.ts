// DELETE of one object: preconditions, finalizers by propagation policy, a grace period for kinds that have one, and
// removal when nothing holds the object any more. Mirrors k8s.io/apiserver pkg/registry/generic/registry/store.go.

import { formatInstant } from "../../../core/index.ts";
import type { KubernetesObject, ObjectMeta } from "../../../kubernetes/index.ts";
import { revisionOf } from "../../store/index.ts";
import { admissionAttributes, deleteOptions } from "../admission-attributes.ts";
import type { ApiContext } from "../api-context.ts";
import { toVersion } from "../conversion/convert.ts";
import { conflict, notFound } from "../refusals.ts";
import { storeKey } from "../resource.ts";
import type { Resource } from "../resource.ts";
import type { DeleteSettings } from "./delete-settings.ts";
import type { ObjectTarget } from "./requests.ts";

export type DeleteRequest = ObjectTarget &
  DeleteSettings & {
    /** The request has been admitted as what it is, an Eviction for example. */
    readonly admitted?: "elsewhere";
  };

export interface DeleteResult {
  /** `terminating`: the object stays until its finalizers or its grace period are through. */
  readonly outcome: "deleted" | "terminating";
  readonly object: KubernetesObject;
}

export async function deleteObject(api: ApiContext, request: DeleteRequest): Promise<DeleteResult> {
  const { resource, name, namespace, dryRun } = request;
  const key = storeKey(resource, namespace, name);
  for (;;) {
    const stored = api.store.get(key);
    if (stored === undefined) throw notFound(resource.facts, name);
    const current = toVersion(resource, stored);
    checkPreconditions(request, current);
    await admit(api, request, current);
    const next = terminating(api, request, stored);
    const vanishes = mayGo(resource, next);
    if (dryRun || (next === stored && !vanishes)) {
      await api.store.settled();
      return { outcome: vanishes ? "deleted" : "terminating", object: toVersion(resource, next) };
    }
    const revision = revisionOf(stored);
    const written = vanishes
      ? api.store.delete(key, revision, lastState(resource, next, stored))
      : api.store.put(key, next, revision);
    if (written.outcome === "conflict") continue;
    if (vanishes) resource.strategy.afterDelete?.(written.object, api);
    await api.store.settled();
    return {
      outcome: vanishes ? "deleted" : "terminating",
      object: toVersion(resource, written.object),
    };
  }
}

async function admit(
  api: ApiContext,
  request: DeleteRequest,
  current: KubernetesObject,
): Promise<void> {
  if (request.admitted === "elsewhere") return;
  const asked = { ...request, subresource: "" };
  const admission = admissionAttributes(api, asked, {
    operation: "DELETE",
    name: request.name,
    options: deleteOptions(request),
    oldObject: current,
  });
  await api.admission.mutate(admission, undefined);
  await api.admission.validate(admission, undefined);
}

function checkPreconditions(request: DeleteRequest, { metadata }: KubernetesObject): void {
  const { uid, resourceVersion } = request.preconditions ?? {};
  const { resource, name } = request;
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      resource.facts,
      name,
      preconditionFailed(
        request,
        `UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
      ),
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      resource.facts,
      name,
      preconditionFailed(
        request,
        `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
      ),
    );
  }
}

function preconditionFailed({ resource, namespace, name }: DeleteRequest, why: string): string {
  const { group, resource: plural } = resource.facts;
  const path = [
    "/registry",
    resource.facts.custom === undefined ? "" : group,
    plural,
    namespace ?? "",
    name,
  ];
  const key = path.filter((part) => part !== "").join("/");
  return `Precondition failed: ${why}`.startsWith("Precondition") && key !== ""
    ? `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${why}`
    : why;
}

/** The object as it looks once it is marked for deletion; the same object when it is marked already. */
function terminating(
  api: ApiContext,
  request: DeleteRequest,
  marked: KubernetesObject,
): KubernetesObject {
  const { resource, dryRun } = request;
  const begun =
    marked.metadata.deletionTimestamp === undefined
      ? (resource.strategy.beginDelete?.(marked, { api, dryRun }) ?? marked)
      : marked;
  const stored = begun;
  const { metadata } = stored;
  const finalizers = finalizersFor(request, metadata);
  const grace = resource.strategy.gracePeriodSeconds?.(stored, request.gracePeriodSeconds);
  const isMarked = metadata.deletionTimestamp !== undefined;
  const hadGrace = metadata.deletionGracePeriodSeconds ?? 0;
  // A second delete may shorten the grace period, never lengthen it.
  const shortens =
    isMarked && grace !== undefined && hadGrace > 0 && isShorter(request, grace, hadGrace);
  if (isMarked && !shortens) {
    return sameList(finalizers, metadata.finalizers)
      ? stored
      : withMeta(stored, { ...metadata, finalizers });
  }
  const seconds = grace ?? 0;
  const started = isMarked ? startOf(metadata, hadGrace) : api.clock.now();
  const generation =
    metadata.generation === undefined || isMarked ? {} : { generation: metadata.generation + 1 };
  return withMeta(stored, {
    ...metadata,
    ...generation,
    ...(finalizers.length > 0 ? { finalizers } : {}),
    deletionTimestamp: formatInstant(started + seconds * 1000),
    deletionGracePeriodSeconds: seconds,
  });
}

function isShorter({ gracePeriodSeconds }: DeleteRequest, grace: number, had: number): boolean {
  return gracePeriodSeconds !== undefined && grace < had;
}

function startOf({ deletionTimestamp }: ObjectMeta, graceSeconds: number): number {
  return Date.parse(deletionTimestamp ?? "") - graceSeconds * 1000;
}

function withMeta(object: KubernetesObject, metadata: ObjectMeta): KubernetesObject {
  const { finalizers = [], ...rest } = metadata;
  return { ...object, metadata: finalizers.length === 0 ? rest : metadata };
}

/** Options win; without any the finalizers that are there decide. */
function finalizersFor(request: DeleteRequest, { finalizers = [] }: ObjectMeta): readonly string[] {
  const others = finalizers.filter((name) => name !== "orphan" && name !== "foregroundDeletion");
  switch (request.propagationPolicy) {
    case "Orphan":
      return [...others, "orphan"];
    case "Foreground":
      return [...others, "foregroundDeletion"];
    case "Background":
      return others;
    case undefined:
      return finalizers;
  }
}

function sameList(a: readonly string[], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function mayGo({ strategy, facts }: Resource, { metadata, ...object }: KubernetesObject): boolean {
  if ((metadata.finalizers ?? []).length > 0) return false;
  if (facts.group === "" && facts.kind === "Namespace") {
    const spec = object["spec"] as { readonly finalizers?: readonly string[] } | undefined;
    if ((spec?.finalizers ?? []).length > 0) return false;
  }
  return (
    strategy.gracePeriodSeconds === undefined || (metadata.deletionGracePeriodSeconds ?? 0) === 0
  );
}

/** What watchers see last: an object that never waited carries no deletion timestamp. */
function lastState(
  { strategy }: Resource,
  next: KubernetesObject,
  stored: KubernetesObject,
): KubernetesObject {
  if (strategy.gracePeriodSeconds !== undefined) return next;
  return stored;
}

// One object: dry-run, compare, and write only on drift, so that applying twice makes no new revision.

import { deepEqual } from "../core/index.ts";
import {
  displayRef,
  isInvalid,
  isNotFound,
  refOf,
  statusError,
  type KubeApi,
  type KubernetesObject,
  type ManagedFieldsEntry,
  type ObjectRef,
} from "../kubernetes/index.ts";
import type { Change } from "./change-set.ts";
import { withoutServerFields } from "./drift.ts";
import { withRetries, type RetryOptions } from "./retry.ts";

export interface ApplyObjectOptions extends RetryOptions {
  readonly fieldManager: string;
  /** Takes over fields of other managers. Default: true, as GitOps engines do. */
  readonly force?: boolean;
  /** Says what would happen and writes nothing. */
  readonly dryRun?: boolean;
  /** Whether an object whose immutable fields changed may be deleted and made anew. Default: never. */
  readonly mayRecreate?: (object: KubernetesObject) => boolean;
}

export async function applyObject(
  api: KubeApi,
  object: KubernetesObject,
  options: ApplyObjectOptions,
): Promise<Change> {
  return withRetries(() => attemptApply(api, object, options), options);
}

async function attemptApply(
  api: KubeApi,
  object: KubernetesObject,
  options: ApplyObjectOptions,
): Promise<Change> {
  const ref = refOf(object);
  const { fieldManager, force = true, dryRun = false } = options;
  const live = await (dryRun ? getIfServed(api, ref) : getIfPresent(api, ref));
  if (live === undefined) {
    if (!dryRun) await api.apply(object, { fieldManager, force });
    return { ref, outcome: "created" };
  }
  try {
    const result = await api.apply(object, { fieldManager, force, dryRun: true });
    if (isSame(live, result, fieldManager)) return { ref, outcome: "unchanged" };
    if (!dryRun) await api.apply(object, { fieldManager, force });
    return { ref, outcome: "configured" };
  } catch (error) {
    if (!isInvalid(error) || options.mayRecreate?.(object) !== true) throw error;
    if (!dryRun) await recreate(api, live, object, options);
    return { ref, outcome: "configured", reason: "recreated: an immutable field changed" };
  }
}

/** The live object, or `undefined` when there is none. */
export async function getIfPresent(
  api: KubeApi,
  ref: ObjectRef,
): Promise<KubernetesObject | undefined> {
  try {
    return await api.get(ref);
  } catch (error) {
    // A kind that is not served names nothing in its refusal; that is not the absence of an object.
    if (isNotFound(error) && error.status.details?.name !== undefined) return undefined;
    throw error;
  }
}

/** As `getIfPresent`, but a kind that is not served has no objects: its definition may be part of the same set. */
export async function getIfServed(
  api: KubeApi,
  ref: ObjectRef,
): Promise<KubernetesObject | undefined> {
  try {
    return await getIfPresent(api, ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Nothing to write: same fields, and the same fields owned. */
function isSame(live: KubernetesObject, result: KubernetesObject, fieldManager: string): boolean {
  if (!deepEqual(withoutServerFields(live), withoutServerFields(result))) return false;
  const [before, after] = [live, result].map((object) => ownedFields(object, fieldManager));
  return deepEqual(before?.fieldsV1, after?.fieldsV1);
}

/** What a manager owns by server-side apply. */
export function ownedFields(
  { metadata }: KubernetesObject,
  fieldManager: string,
): ManagedFieldsEntry | undefined {
  return metadata.managedFields?.find(
    ({ manager, operation, subresource }) =>
      manager === fieldManager && operation === "Apply" && subresource === undefined,
  );
}

async function recreate(
  api: KubeApi,
  live: KubernetesObject,
  object: KubernetesObject,
  { fieldManager, clock, patienceMs }: ApplyObjectOptions,
): Promise<void> {
  const { uid } = live.metadata;
  await api.delete(refOf(live), {
    propagationPolicy: "Background",
    ...(uid === undefined ? {} : { preconditions: { uid } }),
  });
  const options = patienceMs === undefined ? { clock } : { clock, patienceMs };
  // While finalizers run the old object still refuses the new fields.
  await withRetries(async () => {
    const old = await getIfPresent(api, refOf(live));
    if (old !== undefined && old.metadata.uid === uid) {
      throw statusError("Conflict", `${displayRef(refOf(old))} is still being deleted`);
    }
    await api.apply(object, { fieldManager, force: true });
  }, options);
}

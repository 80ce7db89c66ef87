// Deletes what a set no longer holds, in reverse order of how it would be written.

import {
  isConflict,
  isNotFound,
  refOf,
  type KubeApi,
  type KubernetesObject,
  type ObjectRef,
} from "../kubernetes/index.ts";
import { getIfServed, ownedFields } from "./apply-object.ts";
import type { Change } from "./change-set.ts";
import { PHASES, phaseOf } from "./waves.ts";

export interface PruneOptions {
  readonly fieldManager: string;
  readonly dryRun?: boolean;
  readonly propagationPolicy?: "Foreground" | "Background" | "Orphan";
  /** Why an object is kept, by marks an engine has of its own. */
  readonly protection?: (object: KubernetesObject) => string | undefined;
}

/** Set to `disabled` on an object that must outlive its definition. */
export const PRUNE_ANNOTATION = "keelson.dev/prune";

/** Why an object is not to be pruned, by its own annotation. */
export function pruneProtection({ metadata }: KubernetesObject): string | undefined {
  const disabled = metadata.annotations?.[PRUNE_ANNOTATION] === "disabled";
  return disabled ? `${PRUNE_ANNOTATION}: disabled` : undefined;
}

/** What is needed by others goes last: applications before workloads, namespaces and definitions at the end. */
export function pruneOrder(refs: readonly ObjectRef[]): ObjectRef[] {
  return refs.toReversed().toSorted((a, b) => rank(b) - rank(a));
}

function rank(ref: ObjectRef): number {
  return PHASES.indexOf(phaseOf(ref));
}

/** `undefined` when the object was gone already. */
export async function pruneObject(
  api: KubeApi,
  ref: ObjectRef,
  options: PruneOptions,
): Promise<Change | undefined> {
  const live = await getIfServed(api, ref);
  if (live === undefined) return undefined;
  const reason =
    pruneProtection(live) ?? options.protection?.(live) ?? foreignOwner(live, options.fieldManager);
  if (reason !== undefined) return { ref, outcome: "skipped", reason };
  if (live.metadata.deletionTimestamp === undefined) await deleteLive(api, live, options);
  return { ref, outcome: "deleted" };
}

/**
 * Somebody else applies the object now and we do not any more. Objects on which nobody owns anything, such as a bare
 * Namespace, are still ours.
 */
function foreignOwner(live: KubernetesObject, fieldManager: string): string | undefined {
  if (ownedFields(live, fieldManager) !== undefined) return undefined;
  const other = live.metadata.managedFields?.find(({ operation }) => operation === "Apply");
  return other === undefined ? undefined : `applied by ${other.manager} now`;
}

async function deleteLive(
  api: KubeApi,
  live: KubernetesObject,
  { dryRun = false, propagationPolicy = "Background" }: PruneOptions,
): Promise<void> {
  const { uid } = live.metadata;
  try {
    await api.delete(refOf(live), {
      propagationPolicy,
      dryRun,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    });
  } catch (error) {
    // Somebody else was faster, or has made a new object of that name, which is not ours.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

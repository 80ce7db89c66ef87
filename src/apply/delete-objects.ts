// Takes a whole set off a cluster again, in reverse order, and waits until it is gone.

import { StatusError, type KubeApi, type ObjectRef } from "../kubernetes/index.ts";
import type { ApplyFailure, Change, ChangeSet } from "./change-set.ts";
import type { Inventory } from "./inventory.ts";
import { pruneObject, pruneOrder, type PruneOptions } from "./prune.ts";
import { waitForAbsence, type WaitOptions } from "./wait.ts";

export interface DeleteObjectsOptions extends PruneOptions {
  readonly onChange?: (change: Change) => void;
  /** Wait until the objects are really gone, finalizers included. */
  readonly wait?: WaitOptions;
}

/** Protected objects and those taken over by another manager stay, reported as skipped. */
export async function deleteObjects(
  api: KubeApi,
  refs: readonly ObjectRef[],
  options: DeleteObjectsOptions,
): Promise<ChangeSet> {
  const changes: Change[] = [];
  const failures: ApplyFailure[] = [];
  for (const ref of pruneOrder(refs)) {
    try {
      const change = await pruneObject(api, ref, options);
      if (change === undefined) continue;
      changes.push(change);
      options.onChange?.(change);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      failures.push({ ref, error });
    }
  }
  const deleted = changes.filter(({ outcome }) => outcome === "deleted").map(({ ref }) => ref);
  if (options.wait !== undefined && options.dryRun !== true) {
    await waitForAbsence(api, deleted, options.wait);
  }
  return { changes, failures };
}

/** Everything an inventory holds, and then the inventory. */
export async function deleteInventory(
  api: KubeApi,
  inventory: Inventory,
  options: DeleteObjectsOptions,
): Promise<ChangeSet> {
  const result = await deleteObjects(api, await inventory.load(), options);
  if (result.failures.length === 0 && options.dryRun !== true) await inventory.remove();
  return result;
}

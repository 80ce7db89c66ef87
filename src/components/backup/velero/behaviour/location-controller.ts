// Finds every BackupStorageLocation available: whether the bucket answers is not simulated.

import { formatInstant } from "../../../../core/index.ts";
import type { ControllerFactory } from "../../../../kubernetes/index.ts";
import { keyOf, LOCATION, partsOf, writeStatus, type Location } from "./resources.ts";

export const locationController: ControllerFactory = (context) => {
  const locations = context.informer(LOCATION);
  return {
    name: "velero-backup-storage-location",
    setup: (enqueue) => locations.onChange((current) => current && enqueue(keyOf(current))),
    async reconcile(key) {
      const { namespace, name } = partsOf(key);
      const location = locations.get(name, namespace) as Location | undefined;
      if (location === undefined || location.status?.phase === "Available") return;
      const now = formatInstant(context.clock.now());
      await writeStatus(context, LOCATION, key, {
        phase: "Available",
        lastValidationTime: now,
        lastSyncedTime: now,
      });
    },
  };
};

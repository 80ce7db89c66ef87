// What becomes of a volume whose claim is gone: released, and deleted where its policy says so.
// Mirrors syncVolume of pkg/controller/volume/persistentvolume/pv_controller.go, v1.36.

import { informerOf, refOf, type ControllerFactory } from "../../kubernetes/index.ts";
import {
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  type PersistentVolume,
} from "./storage-kinds.ts";

export const volumeReclaimer: ControllerFactory = (context) => {
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  const volumes = informerOf(context, PERSISTENT_VOLUME);
  const isAbandoned = ({ spec }: PersistentVolume): boolean => {
    if (spec.claimRef?.uid === undefined) return false;
    const claim = claims.get(spec.claimRef.name ?? "", spec.claimRef.namespace);
    return claim?.metadata.uid !== spec.claimRef.uid;
  };
  return {
    name: "persistentvolume-reclaimer",
    setup(enqueue) {
      volumes.onChange((current) => current && enqueue(current.metadata.name));
      claims.onChange((current, old) => {
        if (current === undefined && old?.spec.volumeName) enqueue(old.spec.volumeName);
      });
    },
    async reconcile(name) {
      const volume = volumes.get(name);
      if (volume === undefined || volume.metadata.deletionTimestamp !== undefined) return;
      if (!isAbandoned(volume)) return markAvailable(volume);
      if (volume.spec.persistentVolumeReclaimPolicy === "Delete") {
        await context.api.delete(refOf(volume));
      } else if (volume.status?.phase !== "Released") await setPhase(volume, "Released");
    },
  };

  async function markAvailable(volume: PersistentVolume): Promise<void> {
    const open = volume.spec.claimRef === undefined;
    if (open && volume.status?.phase !== "Available") await setPhase(volume, "Available");
  }

  async function setPhase(volume: PersistentVolume, phase: string): Promise<void> {
    await context.api.update(
      { ...volume, status: { ...volume.status, phase } },
      { subresource: "status" },
    );
  }
};

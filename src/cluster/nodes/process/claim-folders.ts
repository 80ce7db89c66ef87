// The data of claims lives in folders that outlive pods and runtimes. It goes with a claim that is deleted, where the volume's
// reclaim policy is Delete.

import { informerOf } from "../../../kubernetes/index.ts";
import type { ControllerContext, Pod } from "../../../kubernetes/index.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../controllers/storage-kinds.ts";
import { podFolders, removeFolder } from "./pod-folders.ts";

export function followClaims(context: ControllerContext, folder: string): void {
  const volumes = informerOf(context, PERSISTENT_VOLUME);
  informerOf(context, PERSISTENT_VOLUME_CLAIM).onChange((claim, old) => {
    if (claim !== undefined || old === undefined) return;
    // Without a deletion under way it has only left the cache.
    if (old.metadata.deletionTimestamp === undefined) return;
    const volume = volumes.get(old.spec?.volumeName ?? "");
    if (volume?.spec?.persistentVolumeReclaimPolicy === "Retain") return;
    const placed: Pick<Pod, "metadata"> = old;
    removeFolder(podFolders(folder, placed as Pod).claim(old.metadata.name));
  });
}

// Which volume suits a claim. Mirrors component-helpers storage/volume/helpers.go (FindMatchingVolume): the same class
// and mode, enough room, all access modes; the smallest that fits. Pure.

import { resourceAmount } from "../../kubernetes/index.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "./storage-kinds.ts";

export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): PersistentVolume | undefined {
  const reserved = volumes.find((volume) => isReservedFor(volume, claim));
  if (reserved !== undefined) return reserved;
  const fitting = volumes.filter(
    (volume) => volume.spec.claimRef === undefined && isAvailable(volume) && suits(volume, claim),
  );
  return fitting.toSorted((a, b) => capacityOf(a) - capacityOf(b))[0];
}

/** The volume names this claim; without a uid anybody of that name may have it. */
export function isReservedFor(
  { spec }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  const { claimRef } = spec;
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return claimRef.uid === undefined || claimRef.uid === metadata.uid;
}

function isAvailable({ status, metadata }: PersistentVolume): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase === "Available";
}

function suits({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const wanted = resourceAmount("storage", claim.spec.resources?.requests?.["storage"] ?? 0);
  return (
    (spec.storageClassName ?? "") === (claim.spec.storageClassName ?? "") &&
    (spec.volumeMode ?? "Filesystem") === (claim.spec.volumeMode ?? "Filesystem") &&
    (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)) &&
    resourceAmount("storage", spec.capacity?.["storage"] ?? 0) >= wanted
  );
}

function capacityOf({ spec }: PersistentVolume): number {
  return resourceAmount("storage", spec.capacity?.["storage"] ?? 0);
}

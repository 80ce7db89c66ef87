// Which volume suits a claim. Mirrors component-helpers storage/volume/helpers.go (FindMatchingVolume): the same class
// and mode, enough room, all access modes; the smallest that fits. Pure.

import {
  matchesNodeSelectorTerms,
  matchesSelector,
  resourceAmount,
} from "../../kubernetes/index.ts";
import type { Node } from "../../kubernetes/index.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "./storage-kinds.ts";

/** The volume reserved for the claim, else the smallest that suits it; with `node` only what that node can reach. */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  node?: Node,
): PersistentVolume | undefined {
  const reserved = volumes.find((volume) => isReservedFor(volume, claim));
  if (reserved !== undefined) return canReach(reserved, node) ? reserved : undefined;
  const fitting = suitableVolumes(claim, volumes).filter((volume) => canReach(volume, node));
  return fitting.toSorted((a, b) => capacityOf(a) - capacityOf(b))[0];
}

/** Every free volume that would do, wherever it is. */
export function suitableVolumes(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): readonly PersistentVolume[] {
  return volumes.filter(
    (volume) => volume.spec.claimRef === undefined && isAvailable(volume) && suits(volume, claim),
  );
}

export function canReach({ spec }: PersistentVolume, node: Node | undefined): boolean {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
  return node === undefined || terms === undefined || matchesNodeSelectorTerms(terms, node);
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

function suits({ spec, metadata }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { selector } = claim.spec;
  if (selector !== undefined && !matchesSelector(selector, metadata.labels)) return false;
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

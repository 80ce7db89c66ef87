// What a pod's claims say about where it may run. Mirrors scheduler plugins/volumebinding: a claim that is missing
// or waits for an immediate binding refuses the pod; one that waits for its first consumer is bound afterwards.

import type {
  NodeSelectorTerm,
  Pod,
  TypedInformer,
  VolumeVerdict,
} from "../../kubernetes/index.ts";
import { isTerminating } from "../../kubernetes/index.ts";
import { BIND_COMPLETED } from "../controllers/storage-kinds.ts";
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from "../controllers/storage-kinds.ts";

export interface VolumeInformers {
  readonly claims: TypedInformer<PersistentVolumeClaim>;
  readonly volumes: TypedInformer<PersistentVolume>;
  readonly classes: TypedInformer<StorageClass>;
}

/** Names of the claims a pod mounts; an ephemeral volume's claim is named after pod and volume. */
export function claimNames({ metadata, spec }: Pod): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral === undefined ? [] : [`${metadata.name}-${name}`];
  });
}

export function isBound(claim: PersistentVolumeClaim): boolean {
  return (
    Boolean(claim.spec.volumeName) && claim.metadata.annotations?.[BIND_COMPLETED] !== undefined
  );
}

export function judgeVolumes(pod: Pod, informers: VolumeInformers): VolumeVerdict {
  const nodeTerms: (readonly NodeSelectorTerm[])[] = [];
  for (const name of claimNames(pod)) {
    const claim = informers.claims.get(name, pod.metadata.namespace);
    if (claim === undefined) {
      return { outcome: "refused", message: `persistentvolumeclaim "${name}" not found` };
    }
    if (isTerminating(claim)) {
      return { outcome: "refused", message: `persistentvolumeclaim "${name}" is being deleted` };
    }
    if (isBound(claim)) {
      const volume = informers.volumes.get(claim.spec.volumeName ?? "");
      const terms = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms;
      if (terms !== undefined) nodeTerms.push(terms);
    } else if (!waitsForConsumer(claim, informers)) {
      return { outcome: "refused", message: "pod has unbound immediate PersistentVolumeClaims" };
    }
  }
  return { outcome: "ready", nodeTerms };
}

function waitsForConsumer(claim: PersistentVolumeClaim, { classes }: VolumeInformers): boolean {
  const { storageClassName } = claim.spec;
  if (!storageClassName || claim.spec.volumeName) return false;
  return classes.get(storageClassName)?.volumeBindingMode === "WaitForFirstConsumer";
}

/** The pod's claims that still have to be bound before the pod may start. */
export function unboundClaims(
  pod: Pod,
  { claims }: VolumeInformers,
): readonly PersistentVolumeClaim[] {
  return claimNames(pod).flatMap((name) => {
    const claim = claims.get(name, pod.metadata.namespace);
    return claim === undefined || isBound(claim) ? [] : [claim];
  });
}

// Who deletes the claims of a StatefulSet: nobody by default, else the garbage collector through owner references
// to the set (`whenDeleted`) or to the pod that is scaled away (`whenScaled`).
// Mirrors pkg/controller/statefulset/stateful_set_utils.go (updateClaimOwnerRefForSetAndPod).

import { deepEqual } from "../../core/index.ts";
import { refOf } from "../../kubernetes/index.ts";
import type {
  ControllerContext,
  KubernetesObject,
  OwnerReference,
  Pod,
  TypedInformer,
} from "../../kubernetes/index.ts";
import { ordinalOf, statefulClaims } from "./stateful-pod.ts";
import type { PersistentVolumeClaim } from "./storage-kinds.ts";
import type { StatefulSet } from "./workload-kinds.ts";

export async function syncClaimOwners(
  { api }: ControllerContext,
  set: StatefulSet,
  claims: TypedInformer<PersistentVolumeClaim>,
  pods: readonly Pod[],
): Promise<void> {
  if ((set.spec.volumeClaimTemplates ?? []).length === 0) return;
  for (const pod of pods) {
    const ordinal = ordinalOf(pod, set);
    if (ordinal === undefined) continue;
    for (const { metadata } of statefulClaims(set, ordinal)) {
      const claim = claims.get(metadata.name, metadata.namespace);
      if (claim === undefined) continue;
      const ownerReferences = wantedOwners(claim, set, pod, ordinal);
      if (deepEqual(ownerReferences, claim.metadata.ownerReferences ?? [])) continue;
      const { uid, resourceVersion } = claim.metadata;
      const body = { metadata: { uid, resourceVersion, ownerReferences } };
      await api.patch(refOf(claim), { type: "merge", body });
    }
  }
}

function wantedOwners(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
  ordinal: number,
): readonly OwnerReference[] {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const start = set.spec.ordinals?.start ?? 0;
  const condemned = ordinal < start || ordinal >= start + (set.spec.replicas ?? 1);
  const ours = new Set([set.metadata.uid, pod.metadata.uid]);
  const others = (claim.metadata.ownerReferences ?? []).filter(({ uid }) => !ours.has(uid));
  if (condemned && whenScaled === "Delete") return [...others, reference(pod)];
  return whenDeleted === "Delete" ? [...others, reference(set)] : others;
}

function reference({ apiVersion, kind, metadata }: KubernetesObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "" };
}

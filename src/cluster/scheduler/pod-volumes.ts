// What a pod's claims say about where it may run. Mirrors scheduler plugins/volumebinding: a claim that is missing
// or waits for an immediate binding refuses the pod; one that waits for its first consumer is bound afterwards.

import type {
  Misfit,
  Node,
  NodeSelectorTerm,
  Pod,
  TypedInformer,
  VolumeCheck,
  VolumeVerdict,
} from "../../kubernetes/index.ts";
import { isTerminating } from "../../kubernetes/index.ts";
import { BIND_COMPLETED } from "../controllers/storage-kinds.ts";
import { findVolume } from "../controllers/volume-match.ts";
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
  const { volumes } = spec;
  // Asked several times for every change of every pod, and few pods have any.
  if (volumes === undefined || !volumes.some(hasClaim)) return NO_NAMES;
  return volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral === undefined ? [] : [`${metadata.name}-${name}`];
  });
}

/** The same as queue keys. */
export function claimKeysOf(pod: Pod): readonly string[] {
  const names = claimNames(pod);
  return names.length === 0 ? names : names.map((name) => `${pod.metadata.namespace}/${name}`);
}

const NO_NAMES: readonly string[] = [];

type Volume = NonNullable<Pod["spec"]["volumes"]>[number];

function hasClaim({ persistentVolumeClaim, ephemeral }: Volume): boolean {
  return persistentVolumeClaim !== undefined || ephemeral !== undefined;
}

export function isBound(claim: PersistentVolumeClaim): boolean {
  return (
    Boolean(claim.spec.volumeName) && claim.metadata.annotations?.[BIND_COMPLETED] !== undefined
  );
}

/** `isClaimInUse` tells whether another pod that has a node mounts the claim. */
export function judgeVolumes(
  pod: Pod,
  informers: VolumeInformers,
  isClaimInUse: (name: string) => boolean = () => false,
): VolumeVerdict {
  const nodeTerms: (readonly NodeSelectorTerm[])[] = [];
  const checks: VolumeCheck[] = [];
  for (const name of claimNames(pod)) {
    const claim = informers.claims.get(name, pod.metadata.namespace);
    if (claim === undefined) {
      return { outcome: "refused", message: `persistentvolumeclaim "${name}" not found` };
    }
    if (isTerminating(claim)) {
      return { outcome: "refused", message: `persistentvolumeclaim "${name}" is being deleted` };
    }
    if (claim.spec.accessModes?.includes("ReadWriteOncePod") && isClaimInUse(name)) {
      checks.unshift(NOT_ALONE);
    }
    if (isBound(claim)) {
      const volume = informers.volumes.get(claim.spec.volumeName ?? "");
      const terms = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms;
      if (terms !== undefined) nodeTerms.push(terms);
      if (volume !== undefined) checks.push(...zoneChecks(volume));
    } else if (waitsForConsumer(claim, informers)) {
      checks.push({ misfit: NO_VOLUME, allows: (node) => canProvide(claim, node, informers) });
    } else {
      return { outcome: "refused", message: "pod has unbound immediate PersistentVolumeClaims" };
    }
  }
  return { outcome: "ready", nodeTerms, checks };
}

const NO_PROVISIONER = "kubernetes.io/no-provisioner";
const NOT_ALONE: VolumeCheck = {
  allows: () => false,
  misfit: {
    reasons: [
      "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
    ],
    resolvable: true,
  },
};
const NO_VOLUME: Misfit = {
  reasons: ["node(s) didn't find available persistent volumes to bind"],
  resolvable: false,
};
const NO_ZONE: Misfit = { reasons: ["node(s) had no available volume zone"], resolvable: false };

/** Labels of a volume that the node has to share; several values are joined by `__`. */
const ZONE_LABELS: readonly string[] = [
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
];

function zoneChecks({ metadata }: PersistentVolume): readonly VolumeCheck[] {
  return ZONE_LABELS.flatMap((key) => {
    const allowed = metadata.labels?.[key]?.split("__");
    if (allowed === undefined) return [];
    // A node without any zone or region is in all of them.
    const allows = ({ metadata: { labels = {} } }: Node): boolean =>
      ZONE_LABELS.every((label) => labels[label] === undefined) ||
      allowed.includes(labels[key] ?? "");
    return [{ misfit: NO_ZONE, allows }];
  });
}

/** A free volume within the node's reach, or a provisioner that may make one there. */
function canProvide(claim: PersistentVolumeClaim, node: Node, informers: VolumeInformers): boolean {
  if (findVolume(claim, informers.volumes.list(), node) !== undefined) return true;
  const storageClass = informers.classes.get(claim.spec.storageClassName ?? "");
  if (storageClass === undefined || storageClass.provisioner === NO_PROVISIONER) return false;
  const topologies = storageClass.allowedTopologies ?? [];
  if (topologies.length === 0) return true;
  return topologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) =>
      values.includes(node.metadata.labels?.[key] ?? ""),
    ),
  );
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

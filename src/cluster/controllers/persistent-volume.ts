// Binds claims and volumes to each other and keeps their phases; asks the provisioner when no volume suits.
// Mirrors pkg/controller/volume/persistentvolume/pv_controller.go.

import { informerOf, isNotFound, isTerminating, refOf } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  ReconcileResult,
  ResourceList,
} from "../../kubernetes/index.ts";
import { PRE_RESIZE_CAPACITY } from "./claim-resize-status.ts";
import { byCreation } from "./deployment-revisions.ts";
import { objectKey, splitKey } from "./object-key.ts";
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  PROVISIONED_BY,
  SELECTED_NODE,
  STORAGE_CLASS,
  STORAGE_PROVISIONER,
} from "./storage-kinds.ts";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "./storage-kinds.ts";
import { findVolume, isReservedFor } from "./volume-match.ts";
import { writeStatus } from "./write-status.ts";

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
const STORAGE_PROVISIONER_BETA = "volume.beta.kubernetes.io/storage-provisioner";
/** Queue keys of volumes; claims are `namespace/name`. */
const VOLUME_PREFIX = "volume:";

export function persistentVolumeController(context: ControllerContext): Controller {
  const { api } = context;
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  const volumes = informerOf(context, PERSISTENT_VOLUME);
  const classes = informerOf(context, STORAGE_CLASS);

  const bind = async (claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> => {
    if (volume.spec.claimRef?.uid !== claim.metadata.uid) {
      const chosen = volume.spec.claimRef === undefined ? { [BOUND_BY_CONTROLLER]: "yes" } : {};
      const { name, namespace, uid, resourceVersion } = claim.metadata;
      const claimRef = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace,
        name,
        uid,
        resourceVersion,
      };
      await api.update({
        ...volume,
        metadata: {
          ...volume.metadata,
          annotations: { ...volume.metadata.annotations, ...chosen },
        },
        spec: { ...volume.spec, claimRef },
      });
    }
    const chosen = claim.spec.volumeName ? {} : { [BOUND_BY_CONTROLLER]: "yes" };
    const annotations = { ...claim.metadata.annotations, [BIND_COMPLETED]: "yes", ...chosen };
    await api.update({
      ...claim,
      metadata: { ...claim.metadata, annotations },
      spec: { ...claim.spec, volumeName: volume.metadata.name },
    });
  };
  const keepBound = async (claim: PersistentVolumeClaim): Promise<void> => {
    const volume = volumes.get(claim.spec.volumeName ?? "");
    if (volume === undefined) {
      if (claim.status?.phase === "Lost") return;
      const message = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
      context.event(claim, "Warning", "ClaimLost", message);
      await writeStatus(context, claim, { phase: "Lost" });
      return;
    }
    const { accessModes } = volume.spec;
    // A bound claim keeps its capacity: while it grows, the volume is ahead of its file system.
    const capacity =
      claim.status?.phase === "Bound" ? claim.status.capacity : usableCapacity(volume);
    await writeStatus(context, claim, { ...claim.status, phase: "Bound", accessModes, capacity });
  };

  /** A claim made before there was a default class gets it as well; undefined when there is none. */
  const defaultClass = (claim: PersistentVolumeClaim): string | undefined => {
    if (claim.spec.storageClassName !== undefined) return undefined;
    const preset = classes
      .list()
      .filter(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === "true");
    return preset.toSorted(byCreation).at(-1)?.metadata.name;
  };

  /** No volume suits: says what the claim waits for, or hands it to its provisioner. */
  const awaitVolume = async (claim: PersistentVolumeClaim): Promise<void> => {
    const { storageClassName } = claim.spec;
    if (!storageClassName) {
      const message = "no persistent volumes available for this claim and no storage class is set";
      return context.event(claim, "Normal", "FailedBinding", message);
    }
    const storageClass = classes.get(storageClassName);
    if (storageClass === undefined) {
      const message = `storageclass.storage.k8s.io "${storageClassName}" not found`;
      return context.event(claim, "Warning", "ProvisioningFailed", message);
    }
    const selected = claim.metadata.annotations?.[SELECTED_NODE] !== undefined;
    if (storageClass.volumeBindingMode === "WaitForFirstConsumer" && !selected) {
      const message = "waiting for first consumer to be created before binding";
      return context.event(claim, "Normal", "WaitForFirstConsumer", message);
    }
    await handToProvisioner(claim, storageClass);
  };
  const handToProvisioner = async (
    claim: PersistentVolumeClaim,
    { provisioner }: StorageClass,
  ): Promise<void> => {
    if (claim.metadata.annotations?.[STORAGE_PROVISIONER] !== provisioner) {
      const annotations = {
        ...claim.metadata.annotations,
        [STORAGE_PROVISIONER_BETA]: provisioner,
        [STORAGE_PROVISIONER]: provisioner,
      };
      await api.update({ ...claim, metadata: { ...claim.metadata, annotations } });
    }
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    context.event(claim, "Normal", "ExternalProvisioning", message);
  };

  const syncClaim = async (claim: PersistentVolumeClaim): Promise<void> => {
    if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) return keepBound(claim);
    if (isTerminating(claim)) return;
    if (claim.spec.volumeName) {
      const volume = volumes.get(claim.spec.volumeName);
      const free = volume?.spec.claimRef === undefined;
      if (volume !== undefined && (free || isReservedFor(volume, claim))) await bind(claim, volume);
      return;
    }
    const storageClassName = defaultClass(claim);
    if (storageClassName !== undefined) {
      await api.update({ ...claim, spec: { ...claim.spec, storageClassName } });
      return;
    }
    // A claim that waits for its pod takes only what has been reserved for it.
    const volume = waitsForNode(claim)
      ? volumes.list().find((one) => isReservedFor(one, claim))
      : findVolume(claim, volumes.list());
    if (volume !== undefined) return bind(claim, volume);
    await awaitVolume(claim);
  };
  const waitsForNode = ({ spec, metadata }: PersistentVolumeClaim): boolean =>
    classes.get(spec.storageClassName ?? "")?.volumeBindingMode === "WaitForFirstConsumer" &&
    metadata.annotations?.[SELECTED_NODE] === undefined;

  const syncVolume = async (volume: PersistentVolume): Promise<void> => {
    const phase = phaseOf(volume);
    if (phase !== volume.status?.phase)
      await writeStatus(context, volume, { ...volume.status, phase });
    const reclaims = volume.spec.persistentVolumeReclaimPolicy === "Delete";
    // Only what a simulated provisioner made can be taken away; another volume waits for its own driver.
    const ours = volume.metadata.annotations?.[PROVISIONED_BY] !== undefined;
    if (phase !== "Released" || !reclaims || !ours || isTerminating(volume)) return;
    await api.delete(refOf(volume)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  };
  const phaseOf = (volume: PersistentVolume): string => {
    const { claimRef } = volume.spec;
    if (claimRef?.uid === undefined) return "Available";
    const claim = claims.get(claimRef.name ?? "", claimRef.namespace);
    if (claim === undefined || claim.metadata.uid !== claimRef.uid) return "Released";
    return claim.spec.volumeName === volume.metadata.name ? "Bound" : "Available";
  };

  return {
    name: "persistentvolume-controller",
    setup(enqueue) {
      const enqueuePending = (): void => {
        for (const claim of claims.list()) {
          if (claim.metadata.annotations?.[BIND_COMPLETED] === undefined) enqueue(objectKey(claim));
        }
      };
      claims.onChange((current, old) => {
        if (current !== undefined) enqueue(objectKey(current));
        const volumeName = (current ?? old)?.spec.volumeName;
        if (volumeName) enqueue(VOLUME_PREFIX + volumeName);
      });
      volumes.onChange((current, old) => {
        const volume = current ?? old;
        if (volume === undefined) return;
        if (current !== undefined) enqueue(VOLUME_PREFIX + volume.metadata.name);
        const { name, namespace } = volume.spec.claimRef ?? {};
        if (name !== undefined) enqueue(`${namespace}/${name}`);
        else if (current !== undefined && current.status?.phase !== old?.status?.phase)
          enqueuePending();
      });
      classes.onChange((current) => {
        if (current !== undefined) enqueuePending();
      });
    },
    async reconcile(key): Promise<ReconcileResult | void> {
      if (key.startsWith(VOLUME_PREFIX)) {
        const volume = volumes.get(key.slice(VOLUME_PREFIX.length));
        if (volume !== undefined) await syncVolume(volume);
        return;
      }
      const { namespace, name } = splitKey(key);
      const claim = claims.get(name, namespace);
      if (claim !== undefined) await syncClaim(claim);
    },
  };
}

function usableCapacity({ spec, metadata }: PersistentVolume): ResourceList | undefined {
  const before = metadata.annotations?.[PRE_RESIZE_CAPACITY];
  return before === undefined ? spec.capacity : { ...spec.capacity, storage: before };
}

// Claims that ask for more than they have. The controller manager only says that somebody else will see to it, as
// upstream for drivers outside its tree; the resizer of a simulated driver then grows the volume.
// Mirrors pkg/controller/volume/expand/expand_controller.go and kubernetes-csi/external-resizer pkg/controller.

import { createRng } from "../../core/index.ts";
import { createEventRecorder, informerOf, isTerminating } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { agentOf, SIMULATED } from "../nodes/node-agent.ts";
import {
  compareStorage,
  growing,
  grown,
  NODE_EXPANSION_NOT_REQUIRED,
  pendingOnNode,
  PRE_RESIZE_CAPACITY,
  resizeStatusOf,
  storageOf,
  wantsGrowth,
} from "./claim-resize-status.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, PROVISIONED_BY } from "./storage-kinds.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "./storage-kinds.ts";
import type { VolumeDelay } from "./volume-provisioner.ts";

export function volumeExpandController(context: ControllerContext): Controller {
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  return {
    name: "volume_expand",
    setup(enqueue) {
      claims.onChange((current, old) => {
        if (current === undefined || !wantsGrowth(current)) return;
        const asked = storageOf(old?.spec.resources?.requests);
        const asksMore = compareStorage(storageOf(current.spec.resources?.requests), asked) > 0;
        if (asksMore) enqueue(objectKey(current));
      });
    },
    async reconcile(key): Promise<void> {
      const { namespace, name } = splitKey(key);
      const claim = claims.get(name, namespace);
      if (claim === undefined || !wantsGrowth(claim)) return;
      const message = "waiting for an external controller to expand this PVC";
      context.event(claim, "Normal", "ExternalExpanding", message);
    },
  };
}

/** Grows the volumes of simulated provisioners; one takes as long to grow as it took to appear. */
export function volumeResizer(delay: VolumeDelay): ControllerFactory {
  return (context) => createResizer(context, delay);
}

function createResizer(context: ControllerContext, delay: VolumeDelay): Controller {
  const { api, clock } = context;
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  const volumes = informerOf(context, PERSISTENT_VOLUME);
  const events = createEventRecorder(context);
  /** When the growth under way began, by claim. */
  const begun = new Map<string, number>();
  let seed: string | undefined;

  const tell = (claim: PersistentVolumeClaim, driver: string, reason: string, message: string) =>
    events.record({ component: `external-resizer ${driver}` }, claim, {
      type: "Normal",
      reason,
      message,
    });
  /** The claim's volume, if one of ours. */
  const volumeOf = (claim: PersistentVolumeClaim): PersistentVolume | undefined => {
    const volume = volumes.get(claim.spec.volumeName ?? "");
    if (volume === undefined || agentOf(volume) !== SIMULATED) return undefined;
    return volume.spec.claimRef?.uid === claim.metadata.uid ? volume : undefined;
  };
  const waitMs = (uid: string): number => {
    seed ??= context.rng.text(8, "0123456789abcdef");
    const jitter = createRng(`${seed}/${uid}`).next() * delay.jitterMs;
    const startedAt = begun.get(uid) ?? clock.now();
    begun.set(uid, startedAt);
    return startedAt + delay.ms + jitter - clock.now();
  };

  const grow = async (
    claim: PersistentVolumeClaim,
    volume: PersistentVolume,
    size: string,
  ): Promise<ReconcileResult | void> => {
    const { uid = "" } = claim.metadata;
    const driver = volume.metadata.annotations?.[PROVISIONED_BY] ?? "";
    const started =
      resizeStatusOf(claim) === "ControllerResizeInProgress" &&
      compareStorage(storageOf(claim.status?.allocatedResources), size) === 0;
    if (!started) {
      begun.delete(uid);
      await write(claim, { status: growing(claim.status ?? {}, size, clock.now()) });
      tell(
        claim,
        driver,
        "Resizing",
        `External resizer is resizing volume ${volume.metadata.name}`,
      );
    }
    const left = waitMs(uid);
    if (left > 0 || !started) return { requeueAfterMs: Math.max(left, 0) };
    await finish(claim, volume, size, driver);
    begun.delete(uid);
  };
  const finish = async (
    claim: PersistentVolumeClaim,
    volume: PersistentVolume,
    size: string,
    driver: string,
  ): Promise<void> => {
    const { status = {} } = claim;
    const onNode = claim.spec.volumeMode !== "Block";
    const { annotations } = volume.metadata;
    const before = annotations?.[PRE_RESIZE_CAPACITY] ?? storageOf(status.capacity) ?? "";
    await api.update({
      ...volume,
      metadata: {
        ...volume.metadata,
        annotations: { ...annotations, ...(onNode ? { [PRE_RESIZE_CAPACITY]: before } : {}) },
      },
      spec: { ...volume.spec, capacity: { ...volume.spec.capacity, storage: size } },
    });
    if (onNode) {
      await write(claim, { status: pendingOnNode(status, clock.now()) });
      const message = "Require file system resize of volume on node";
      tell(claim, driver, "FileSystemResizeRequired", message);
      return;
    }
    const added = { ...claim.metadata.annotations, [NODE_EXPANSION_NOT_REQUIRED]: "true" };
    const metadata = { ...claim.metadata, annotations: added };
    await write(claim, { metadata, status: grown(status, size) });
    tell(claim, driver, "VolumeResizeSuccessful", "Resize volume succeeded");
  };
  const write = (claim: PersistentVolumeClaim, change: Partial<PersistentVolumeClaim>) =>
    api.update({ ...claim, ...change }, { subresource: "status" });

  /** Forgets what the claim had before, once all of it has been given. */
  const settle = async (claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> => {
    const { [PRE_RESIZE_CAPACITY]: before, ...annotations } = volume.metadata.annotations ?? {};
    const has = storageOf(claim.status?.capacity);
    if (before === undefined || compareStorage(has, storageOf(volume.spec.capacity)) < 0) return;
    await api.update({ ...volume, metadata: { ...volume.metadata, annotations } });
  };

  return {
    name: "simulated-resizer",
    setup(enqueue) {
      claims.onChange((current, old) => {
        if (current === undefined) begun.delete(old?.metadata.uid ?? "");
        else if (current.status?.capacity !== undefined) enqueue(objectKey(current));
      });
    },
    async reconcile(key): Promise<ReconcileResult | void> {
      const { namespace, name } = splitKey(key);
      const claim = claims.get(name, namespace);
      const volume = claim && volumeOf(claim);
      if (claim === undefined || volume === undefined || isTerminating(claim)) return undefined;
      if (!wantsGrowth(claim)) return settle(claim, volume);
      const size = nextSize(claim, volume);
      return size === undefined ? undefined : grow(claim, volume, size);
    },
  };
}

/** What to grow to now; undefined while the node has to finish an earlier growth first. */
function nextSize(claim: PersistentVolumeClaim, volume: PersistentVolume): string | undefined {
  const asked = storageOf(claim.spec.resources?.requests);
  const allocated = storageOf(claim.status?.allocatedResources);
  const status = resizeStatusOf(claim);
  if (status === "ControllerResizeInProgress") return allocated ?? asked;
  if (status === undefined) return asked;
  return compareStorage(storageOf(volume.spec.capacity), allocated) < 0 ? allocated : undefined;
}

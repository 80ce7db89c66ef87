// Gives claims their volumes: the default class where none is named, a matching volume where there is one, else a new
// simulated one. Mirrors pkg/controller/volume/persistentvolume/pv_controller.go and external-provisioner, v1.36.

import { compareQuantities, deepEqual, parseQuantity } from "../../core/index.ts";
import {
  informerOf,
  type ControllerContext,
  type ControllerFactory,
  type KubernetesObject,
  type TypedInformer,
} from "../../kubernetes/index.ts";
import { AGENT, SIMULATED } from "../nodes/node-agent.ts";
import { SELECTED_NODE } from "../scheduler/pod-volumes.ts";
import {
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  STORAGE_CLASS,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from "./storage-kinds.ts";

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

interface Storage {
  readonly claims: TypedInformer<PersistentVolumeClaim>;
  readonly volumes: TypedInformer<PersistentVolume>;
  readonly classes: TypedInformer<StorageClass>;
}

export const volumeProvisioner: ControllerFactory = (context) => {
  const storage: Storage = {
    claims: informerOf(context, PERSISTENT_VOLUME_CLAIM),
    volumes: informerOf(context, PERSISTENT_VOLUME),
    classes: informerOf(context, STORAGE_CLASS),
  };
  return {
    name: "persistentvolume-binder",
    setup(enqueue) {
      const everyOpenClaim = (): void =>
        storage.claims
          .list()
          .filter(isOpen)
          .forEach((claim) => enqueue(keyOf(claim)));
      storage.claims.onChange((current) => current && enqueue(keyOf(current)));
      storage.classes.onChange(everyOpenClaim);
      storage.volumes.onChange((current, old) => {
        if (current !== undefined && old === undefined) everyOpenClaim();
      });
    },
    async reconcile(key) {
      const [namespace = "", name = ""] = key.split("/");
      const claim = storage.claims.get(name, namespace);
      if (claim === undefined || claim.metadata.deletionTimestamp !== undefined) return;
      if (claim.spec.volumeName) await finishBinding(context, claim, storage);
      else await findVolume(context, claim, storage);
    },
  };
};

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;
const isOpen = ({ spec }: PersistentVolumeClaim): boolean => !spec.volumeName;

async function findVolume(
  context: ControllerContext,
  claim: PersistentVolumeClaim,
  storage: Storage,
): Promise<void> {
  if (claim.spec.storageClassName === undefined) return assignDefaultClass(context, claim, storage);
  const storageClass = storage.classes.get(claim.spec.storageClassName);
  const node = claim.metadata.annotations?.[SELECTED_NODE];
  if (storageClass?.volumeBindingMode === "WaitForFirstConsumer" && node === undefined) {
    context.event(
      claim,
      "Normal",
      "WaitForFirstConsumer",
      "waiting for first consumer to be created before binding",
    );
    return;
  }
  const volume =
    matchingVolume(claim, storage) ??
    (storageClass && (await provision(context, claim, storageClass)));
  if (volume === undefined) {
    const reason = `storageclass.storage.k8s.io "${claim.spec.storageClassName}" not found`;
    context.event(claim, "Warning", "ProvisioningFailed", reason);
    return;
  }
  await bind(context, claim, volume);
}

/** Retroactive assignment: a claim made before there was a default class gets it as well. */
async function assignDefaultClass(
  { api }: ControllerContext,
  claim: PersistentVolumeClaim,
  { classes }: Storage,
): Promise<void> {
  const preset = classes
    .list()
    .find(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === "true");
  if (preset === undefined) return;
  await api.update({ ...claim, spec: { ...claim.spec, storageClassName: preset.metadata.name } });
}

/** A volume meant for this claim, else the smallest free one that fits. */
function matchingVolume(
  claim: PersistentVolumeClaim,
  { volumes }: Storage,
): PersistentVolume | undefined {
  const free = volumes.list().filter((volume) => isFreeFor(volume, claim));
  const preset = free.find(({ spec }) => spec.claimRef !== undefined);
  return preset ?? free.toSorted((a, b) => compareQuantities(capacityOf(a), capacityOf(b)))[0];
}

function isFreeFor(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { spec, metadata } = volume;
  const { claimRef } = spec;
  if (metadata.deletionTimestamp !== undefined) return false;
  if (claimRef !== undefined && !refersTo(claimRef, claim)) return false;
  const modes = claim.spec.accessModes ?? [];
  return (
    (spec.storageClassName ?? "") === (claim.spec.storageClassName ?? "") &&
    modes.every((mode) => spec.accessModes?.includes(mode)) &&
    compareQuantities(capacityOf(volume), requestOf(claim)) >= 0
  );
}

function refersTo(
  ref: NonNullable<PersistentVolume["spec"]["claimRef"]>,
  { metadata }: PersistentVolumeClaim,
): boolean {
  return (
    ref.name === metadata.name &&
    ref.namespace === metadata.namespace &&
    (ref.uid === undefined || ref.uid === metadata.uid)
  );
}

type Amount = NonNullable<ReturnType<typeof parseQuantity>>;
const NOTHING: Amount = parseQuantity("0") ?? { nanos: 0n, format: "DecimalSI" };
const capacityOf = ({ spec }: PersistentVolume): Amount =>
  parseQuantity(spec.capacity?.["storage"] ?? "0") ?? NOTHING;
const requestOf = ({ spec }: PersistentVolumeClaim): Amount =>
  parseQuantity(spec.resources?.requests?.["storage"] ?? "0") ?? NOTHING;

async function provision(
  { api, event }: ControllerContext,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
): Promise<PersistentVolume> {
  const name = `pvc-${claim.metadata.uid}`;
  const created = await api.create({
    apiVersion: PERSISTENT_VOLUME.apiVersion,
    kind: PERSISTENT_VOLUME.kind,
    metadata: {
      name,
      annotations: { [AGENT]: SIMULATED, [PROVISIONED_BY]: storageClass.provisioner },
    },
    spec: {
      accessModes: claim.spec.accessModes ?? [],
      capacity: { storage: claim.spec.resources?.requests?.["storage"] ?? "0" },
      claimRef: claimRefOf(claim),
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? "Filesystem",
      csi: { driver: storageClass.provisioner, volumeHandle: name },
    },
  });
  event(claim, "Normal", "ProvisioningSucceeded", `Successfully provisioned volume ${name}`);
  // What the API answers to a create of this kind.
  return created as PersistentVolume;
}

function claimRefOf({ metadata }: PersistentVolumeClaim): Record<string, unknown> {
  const { name, namespace, uid } = metadata;
  return { ...kindRef(PERSISTENT_VOLUME_CLAIM), name, namespace, uid };
}

const kindRef = ({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string;
  readonly kind: string;
}): Record<string, string> => ({ apiVersion, kind });

/** The volume points at the claim first: a claim never names a volume that somebody else could take. */
async function bind(
  { api }: ControllerContext,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
): Promise<void> {
  if (volume.spec.claimRef?.uid !== claim.metadata.uid) {
    await api.update({ ...volume, spec: { ...volume.spec, claimRef: claimRefOf(claim) } });
  }
  const annotations = {
    ...claim.metadata.annotations,
    [BIND_COMPLETED]: "yes",
    [BOUND_BY_CONTROLLER]: "yes",
  };
  await api.update({
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...claim.spec, volumeName: volume.metadata.name },
  });
}

async function finishBinding(
  { api }: ControllerContext,
  claim: PersistentVolumeClaim,
  { volumes }: Storage,
): Promise<void> {
  const volume = volumes.get(claim.spec.volumeName ?? "");
  if (volume === undefined) return;
  const bound = { ...volume.status, phase: "Bound" };
  if (!deepEqual(volume.status, bound))
    await api.update({ ...volume, status: bound }, { subresource: "status" });
  const { accessModes, capacity } = volume.spec;
  const status = { ...claim.status, phase: "Bound", accessModes, capacity };
  if (!deepEqual(claim.status, status))
    await api.update({ ...claim, status }, { subresource: "status" });
}

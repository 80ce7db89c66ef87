// Simulated provisioners: after a short while they make a volume for every claim handed to a driver that is
// simulated here. No storage stands behind it; the volume says so in its annotation.

import { createRng } from "../../core/index.ts";
import { informerOf, isAlreadyExists, isTerminating, NODE } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  KubernetesObject,
} from "../../kubernetes/index.ts";
import { AGENT, SIMULATED } from "../nodes/node-agent.ts";
import { objectKey, splitKey } from "./object-key.ts";
import {
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  PROVISIONED_BY,
  SELECTED_NODE,
  STORAGE_CLASS,
  STORAGE_PROVISIONER,
} from "./storage-kinds.ts";
import type { PersistentVolumeClaim, StorageClass } from "./storage-kinds.ts";

const ZONE = "topology.kubernetes.io/zone";
const HOSTNAME = "kubernetes.io/hostname";
/** Drivers of this name are simulated by definition; their volumes belong to a zone. */
const SIMULATED_DRIVERS = "simulation.keelson.dev/";
/** Set on a StorageClass, `simulated` makes its provisioner simulated whatever its name. */
const PROVISIONER_ANNOTATION = "keelson.dev/provisioner";
/** How long a volume takes to appear. */
export interface VolumeDelay {
  readonly ms: number;
  readonly jitterMs: number;
}
/** Cloud disks usually appear within a few seconds. */
export const GENERAL_VOLUME_DELAY: VolumeDelay = { ms: 1000, jitterMs: 2000 };

/** Drivers of the supported substrates; their volumes belong to a zone, or with `node` to one node. */
const DRIVERS: Readonly<Record<string, "zone" | "node" | "anywhere">> = {
  "rancher.io/local-path": "node",
  "topolvm.io": "node",
  "ebs.csi.aws.com": "zone",
  "efs.csi.aws.com": "anywhere",
  "dobs.csi.digitalocean.com": "zone",
  "pd.csi.storage.gke.io": "zone",
  "filestore.csi.storage.gke.io": "anywhere",
  "disk.csi.azure.com": "zone",
  "file.csi.azure.com": "anywhere",
  "driver.longhorn.io": "anywhere",
  "rook-ceph.rbd.csi.ceph.com": "anywhere",
  "rook-ceph.cephfs.csi.ceph.com": "anywhere",
  "nfs.csi.k8s.io": "anywhere",
};

/** `isSimulated` replaces the built-in choice of drivers. */
export function volumeProvisioner(
  isSimulated: (storageClass: StorageClass) => boolean = hasKnownDriver,
  delay: VolumeDelay = GENERAL_VOLUME_DELAY,
): ControllerFactory {
  return (context) => createProvisioner(context, isSimulated, delay);
}

function hasKnownDriver({ provisioner, metadata }: StorageClass): boolean {
  return (
    DRIVERS[provisioner] !== undefined ||
    provisioner.startsWith(SIMULATED_DRIVERS) ||
    metadata.annotations?.[PROVISIONER_ANNOTATION] === SIMULATED
  );
}

function createProvisioner(
  context: ControllerContext,
  isSimulated: (storageClass: StorageClass) => boolean,
  delay: VolumeDelay,
): Controller {
  const { api, clock } = context;
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  const volumes = informerOf(context, PERSISTENT_VOLUME);
  const classes = informerOf(context, STORAGE_CLASS);
  const nodes = informerOf(context, NODE);
  const begun = new Map<string, number>();
  let seed: string | undefined;

  const wantedClass = (claim: PersistentVolumeClaim): StorageClass | undefined => {
    const provisioner = claim.metadata.annotations?.[STORAGE_PROVISIONER];
    if (provisioner === undefined || claim.spec.volumeName || isTerminating(claim))
      return undefined;
    const storageClass = classes.get(claim.spec.storageClassName ?? "");
    if (storageClass?.provisioner !== provisioner) return undefined;
    return isSimulated(storageClass) ? storageClass : undefined;
  };
  const nodeTerms = (claim: PersistentVolumeClaim, { provisioner }: StorageClass): object => {
    const simulated = provisioner.startsWith(SIMULATED_DRIVERS);
    const scope = DRIVERS[provisioner] ?? (simulated ? "zone" : "anywhere");
    const node = nodes.get(claim.metadata.annotations?.[SELECTED_NODE] ?? "");
    const key = scope === "node" ? HOSTNAME : ZONE;
    const value = scope === "anywhere" ? undefined : node?.metadata.labels?.[key];
    if (value === undefined) return {};
    const matchExpressions = [{ key, operator: "In", values: [value] }];
    return { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } };
  };
  const volumeFor = (
    claim: PersistentVolumeClaim,
    storageClass: StorageClass,
  ): KubernetesObject => {
    const { name, namespace, uid = "", resourceVersion } = claim.metadata;
    const { accessModes, volumeMode, resources } = claim.spec;
    return {
      ...PERSISTENT_VOLUME,
      metadata: {
        name: `pvc-${uid}`,
        annotations: { [PROVISIONED_BY]: storageClass.provisioner, [AGENT]: SIMULATED },
      },
      spec: {
        accessModes,
        ...(volumeMode === undefined ? {} : { volumeMode }),
        capacity: { storage: resources?.requests?.["storage"] },
        claimRef: {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          namespace,
          name,
          uid,
          resourceVersion,
        },
        csi: { driver: driverOf(storageClass), volumeHandle: `${SIMULATED}-${uid}` },
        persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
        storageClassName: storageClass.metadata.name,
        ...nodeTerms(claim, storageClass),
      },
    };
  };

  return {
    name: "simulated-provisioner",
    setup(enqueue) {
      claims.onChange((current, old) => {
        if (current === undefined) begun.delete(old?.metadata.uid ?? "");
        else if (wantedClass(current) !== undefined) enqueue(objectKey(current));
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const claim = claims.get(name, namespace);
      const storageClass = claim && wantedClass(claim);
      if (claim === undefined || storageClass === undefined) return undefined;
      const { uid = "" } = claim.metadata;
      if (volumes.get(`pvc-${uid}`) !== undefined) return undefined;
      seed ??= context.rng.text(8, "0123456789abcdef");
      const jitter = createRng(`${seed}/${uid}`).next() * delay.jitterMs;
      const startedAt = begun.get(uid) ?? clock.now();
      begun.set(uid, startedAt);
      const waitMs = startedAt + delay.ms + jitter - clock.now();
      if (waitMs > 0) return { requeueAfterMs: waitMs };
      try {
        await api.create(volumeFor(claim, storageClass));
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
      const message = `Successfully provisioned volume pvc-${uid} (simulated)`;
      context.event(claim, "Normal", "ProvisioningSucceeded", message);
      return undefined;
    },
  };
}

/** Provisioners without a driver are named by a path, which no driver may be: `rancher.io/local-path`. */
function driverOf({ provisioner }: StorageClass): string {
  return provisioner.split("/")[0] ?? provisioner;
}

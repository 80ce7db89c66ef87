// Lets deleted claims and volumes go only when nobody uses them any more. Mirrors pkg/controller/volume/pvcprotection
// and pvprotection; the finalizers themselves are set by admission.

import {
  informerOf,
  isTerminal,
  isTerminating,
  POD,
  refOf,
  unlessOvertaken,
} from "../../kubernetes/index.ts";
import type { Controller, ControllerContext, KubernetesObject } from "../../kubernetes/index.ts";
import { claimKeysOf, claimNames } from "../scheduler/pod-volumes.ts";
import { createIndex, hasSameSpec } from "./object-index.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "./storage-kinds.ts";

const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";

export function claimProtectionController(context: ControllerContext): Controller {
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  const pods = informerOf(context, POD);
  const podsByClaim = createIndex(pods, claimKeysOf, hasSameSpec);
  return {
    name: "pvc-protection-controller",
    setup(enqueue) {
      claims.onChange((current) => {
        if (current !== undefined && isTerminating(current)) enqueue(objectKey(current));
      });
      pods.onChange((current, old) => {
        if (current !== undefined && !isTerminal(current)) return;
        const pod = current ?? old;
        for (const name of pod === undefined ? [] : claimNames(pod)) {
          enqueue(`${pod?.metadata.namespace}/${name}`);
        }
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const claim = claims.get(name, namespace);
      if (claim === undefined || !isTerminating(claim)) return;
      if (podsByClaim.get(key).some((pod) => !isTerminal(pod))) return;
      await dropFinalizer(context, claim, CLAIM_FINALIZER);
    },
  };
}

export function volumeProtectionController(context: ControllerContext): Controller {
  const volumes = informerOf(context, PERSISTENT_VOLUME);
  return {
    name: "pv-protection-controller",
    setup(enqueue) {
      volumes.onChange((current) => {
        if (current !== undefined && isTerminating(current)) enqueue(current.metadata.name);
      });
    },
    async reconcile(key) {
      const volume = volumes.get(key);
      if (volume === undefined || !isTerminating(volume) || volume.status?.phase === "Bound")
        return;
      await dropFinalizer(context, volume, VOLUME_FINALIZER);
    },
  };
}

async function dropFinalizer(
  { api }: ControllerContext,
  object: KubernetesObject,
  finalizer: string,
): Promise<void> {
  const { finalizers = [], uid, resourceVersion } = object.metadata;
  if (!finalizers.includes(finalizer)) return;
  const left = finalizers.filter((name) => name !== finalizer);
  const body = { metadata: { uid, resourceVersion, finalizers: left.length === 0 ? null : left } };
  await unlessOvertaken(api.patch(refOf(object), { type: "merge", body }));
}

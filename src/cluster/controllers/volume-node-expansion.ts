// The kubelet's share of a growing claim: the file system grows once a pod that mounts it has a simulated node.
// Mirrors pkg/volume/util/operationexecutor/node_expander.go. It happens at once: no file system is there to grow.

import { createEventRecorder, informerOf, isTerminal, NODE, POD } from "../../kubernetes/index.ts";
import type { Controller, ControllerContext, Pod } from "../../kubernetes/index.ts";
import { isHeard, LEASE, LEASE_NAMESPACE } from "../nodes/heartbeat.ts";
import { agentOf, SIMULATED } from "../nodes/node-agent.ts";
import { claimKeysOf } from "../scheduler/pod-volumes.ts";
import { grown, growingOnNode, resizeStatusOf, storageOf } from "./claim-resize-status.ts";
import { createIndex, hasSameSpec } from "./object-index.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "./storage-kinds.ts";
import type { PersistentVolumeClaim } from "./storage-kinds.ts";

export function volumeNodeExpansion(context: ControllerContext): Controller {
  const { api } = context;
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  const volumes = informerOf(context, PERSISTENT_VOLUME);
  const pods = informerOf(context, POD);
  const nodes = informerOf(context, NODE);
  const leases = informerOf(context, LEASE);
  const events = createEventRecorder(context);
  const podsByClaim = createIndex(pods, claimKeysOf, hasSameSpec);

  const isMounted = (pod: Pod): boolean => {
    const node = nodes.get(pod.spec.nodeName ?? "");
    if (node === undefined || agentOf(node) !== SIMULATED || isTerminal(pod)) return false;
    return isHeard(leases.get(node.metadata.name, LEASE_NAMESPACE));
  };
  const expand = async (claim: PersistentVolumeClaim, pod: Pod): Promise<void> => {
    const { volumeName = "" } = claim.spec;
    const size = storageOf(volumes.get(volumeName)?.spec.capacity);
    if (size === undefined) return;
    const marked = await api.update(
      { ...claim, status: growingOnNode(claim.status ?? {}) },
      { subresource: "status" },
    );
    // The API answers with an object of the kind it was given.
    const { status = {} } = marked as PersistentVolumeClaim;
    await api.update({ ...marked, status: grown(status, size) }, { subresource: "status" });
    const host = pod.spec.nodeName ?? "";
    const message = `MountVolume.NodeExpandVolume succeeded for volume "${volumeName}" ${host}`;
    for (const about of [pod, claim]) {
      events.record({ component: "kubelet", host }, about, {
        type: "Normal",
        reason: "FileSystemResizeSuccessful",
        message,
      });
    }
  };

  return {
    name: "volume-node-expansion",
    setup(enqueue) {
      claims.onChange((current) => {
        if (current !== undefined && isPending(current)) enqueue(objectKey(current));
      });
      pods.onChange((current, old) => {
        if (current === undefined || current.spec.nodeName === old?.spec.nodeName) return;
        for (const key of claimKeysOf(current)) enqueue(key);
      });
      leases.onChange((current, old) => {
        if (current === undefined || isHeard(current) === isHeard(old)) return;
        for (const claim of claims.list()) if (isPending(claim)) enqueue(objectKey(claim));
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const claim = claims.get(name, namespace);
      if (claim === undefined || !isPending(claim)) return;
      const pod = podsByClaim.get(key).find(isMounted);
      if (pod !== undefined) await expand(claim, pod);
    },
  };
}

function isPending(claim: PersistentVolumeClaim): boolean {
  const status = resizeStatusOf(claim);
  return status === "NodeResizePending" || status === "NodeResizeInProgress";
}

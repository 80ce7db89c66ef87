// How the simulated kubelet writes what it says of a pod: equal parts once, and marked as simulated.

import { isTerminating } from "../../kubernetes/index.ts";
import type { KubeApi, Pod, PodStatus } from "../../kubernetes/index.ts";
import { createAlike } from "../store/alike.ts";
import { deriveOnce } from "../store/index.ts";
import type { DeriveOnce } from "../store/index.ts";
import { AGENT, agentOf, SIMULATED } from "./node-agent.ts";

export interface PodWriter {
  /** `isLast`: of this status everything that follows is known. */
  writePod(pod: Pod, status: PodStatus, isLast?: boolean): Promise<void>;
  /** Its status is ours and was the last: its own event asks for nothing. */
  isSettled(pod: Pod): boolean;
}

export function createPodWriter(api: KubeApi): PodWriter {
  const alike = createAlike();
  const settled = new WeakSet<PodStatus>();
  return {
    async writePod(pod, status, isLast = false) {
      const { conditions = [], containerStatuses = [] } = status;
      const shared = {
        ...status,
        conditions: alike(conditions),
        containerStatuses: alike(containerStatuses),
      };
      if (isLast) settled.add(shared);
      await api.update({ ...marked(pod), status: shared }, { subresource: "status" });
    },
    isSettled: (pod) => pod.status !== undefined && settled.has(pod.status) && !isTerminating(pod),
  };
}

function marked(pod: Pod): Pod {
  if (agentOf(pod) === SIMULATED) return pod;
  const { metadata } = pod;
  return { ...pod, metadata: { ...metadata, annotations: annotated(metadata.annotations) } };
}

const MARKED = { [AGENT]: SIMULATED };
const markedOnce: DeriveOnce<Readonly<Record<string, string>>> = deriveOnce();

function annotated(
  annotations: Pod["metadata"]["annotations"] = NO_ANNOTATIONS,
): Readonly<Record<string, string>> {
  return markedOnce(annotations, [], () => ({ ...annotations, ...MARKED }));
}

const NO_ANNOTATIONS = Object.freeze({});

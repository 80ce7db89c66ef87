// The kubelet's share of a resize: a pod on a simulated node gets what it asks for, or is told why not. Mirrors kubernetes
// pkg/kubelet/allocation/allocation_manager.go (canResizePod, canAdmitPod). The first resize of a pod is also the first time its
// status says what its containers have: pods that nobody resizes are not written for it.

import { deepEqual, formatInstant } from "../../core/index.ts";
import {
  informerOf,
  isConflict,
  isNotFound,
  isTerminal,
  NODE,
  parseAmounts,
  POD,
  podRequests,
} from "../../kubernetes/index.ts";
import type {
  ContainerStatus,
  Controller,
  ControllerContext,
  Node,
  Pod,
  PodCondition,
} from "../../kubernetes/index.ts";
import { agentOf, SIMULATED } from "../nodes/node-agent.ts";
import { objectKey, splitKey } from "./object-key.ts";

/** As often as the kubelet looks again at what had to wait. */
const RETRY_MS = 30_000;
const PENDING = "PodResizePending";

interface Refusal {
  readonly reason: "Infeasible" | "Deferred";
  readonly message: string;
}

export function podResizeController(context: ControllerContext): Controller {
  const pods = informerOf(context, POD);
  const nodes = informerOf(context, NODE);
  return {
    name: "kubelet-resize",
    setup(enqueue) {
      pods.onChange((current, old) => {
        if (current === undefined || old === undefined) return;
        if (current.spec.containers === old.spec.containers) return;
        if (isResized(current, old)) enqueue(objectKey(current));
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(name, namespace);
      const node = nodes.get(pod?.spec.nodeName ?? "");
      if (pod === undefined || node === undefined || isTerminal(pod)) return;
      if (agentOf(pod) !== SIMULATED) return;
      const refusal = refusalOf(pod, node, () =>
        pods.list().filter(({ spec, metadata }) => {
          const isThere = spec.nodeName === node.metadata.name;
          return isThere && metadata.uid !== pod.metadata.uid;
        }),
      );
      try {
        await say(context, pod, refusal);
      } catch (error) {
        // Somebody else was faster; their change comes back here.
        if (!isConflict(error) && !isNotFound(error)) throw error;
        return { requeueAfterMs: 0 };
      }
      return refusal?.reason === "Deferred" ? { requeueAfterMs: RETRY_MS } : undefined;
    },
  };
}

function isResized({ spec }: Pod, old: Pod): boolean {
  return all(spec).some(({ name, resources }) => {
    const before = all(old.spec).find((one) => one.name === name);
    return before !== undefined && !deepEqual(before.resources, resources);
  });
}

function all({ containers, initContainers = [] }: Pod["spec"]): Pod["spec"]["containers"] {
  return [...containers, ...initContainers];
}

const RESOURCES = ["memory", "cpu"] as const;

function refusalOf(pod: Pod, node: Node, others: () => readonly Pod[]): Refusal | undefined {
  const asked = podRequests(pod.spec);
  const capacity = parseAmounts(node.status?.allocatable);
  for (const name of RESOURCES) {
    const [requested, most] = [asked.get(name) ?? 0, capacity.get(name) ?? 0];
    if (requested <= most) continue;
    const what = `${name}, requested: ${requested}, capacity: ${most}`;
    return { reason: "Infeasible", message: `Node didn't have enough capacity: ${what}` };
  }
  const there = others().filter((other) => !isTerminal(other));
  for (const name of RESOURCES.toReversed()) {
    const used = there.reduce((sum, { spec }) => sum + (podRequests(spec).get(name) ?? 0), 0);
    const [requested, most] = [asked.get(name) ?? 0, capacity.get(name) ?? 0];
    if (used + requested <= most) continue;
    const what = `${name}, requested: ${requested}, used: ${used}, capacity: ${most}`;
    return { reason: "Deferred", message: `Node didn't have enough resource: ${what}` };
  }
  return undefined;
}

async function say(
  { api, clock }: ControllerContext,
  pod: Pod,
  refusal: Refusal | undefined,
): Promise<void> {
  const { status = {} } = pod;
  const known = (status.conditions ?? []).find(({ type }) => type === PENDING);
  const others = (status.conditions ?? []).filter(({ type }) => type !== PENDING);
  const isSame = known?.reason === refusal?.reason && known?.message === refusal?.message;
  const pending: PodCondition | undefined =
    refusal &&
    (isSame && known !== undefined
      ? known
      : {
          type: PENDING,
          status: "True",
          ...refusal,
          lastProbeTime: null,
          lastTransitionTime: formatInstant(clock.now()),
        });
  const given = refusal === undefined ? withResources(pod) : {};
  const conditions = pending === undefined ? others : [...others, pending];
  const next = { ...status, ...given, conditions };
  if (deepEqual(next, status)) return;
  await api.update({ ...pod, status: next }, { subresource: "status" });
}

function withResources({ spec, status }: Pod): Partial<NonNullable<Pod["status"]>> {
  const resized = (statuses: readonly ContainerStatus[]): readonly ContainerStatus[] =>
    statuses.map((one) => {
      const resources = all(spec).find(({ name }) => name === one.name)?.resources;
      if (resources === undefined) return one;
      const { requests } = resources;
      return {
        ...one,
        resources,
        ...(requests === undefined ? {} : { allocatedResources: requests }),
      };
    });
  const { containerStatuses, initContainerStatuses } = status ?? {};
  return {
    ...(containerStatuses === undefined ? {} : { containerStatuses: resized(containerStatuses) }),
    ...(initContainerStatuses === undefined
      ? {}
      : { initContainerStatuses: resized(initContainerStatuses) }),
  };
}

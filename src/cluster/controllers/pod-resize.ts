// The kubelet's share of a resize: a pod on a simulated node gets what it asks for, or is told why not. Mirrors kubernetes
// pkg/kubelet/allocation/allocation_manager.go (canResizePod, canAdmitPod). The first resize of a pod is also the first time its
// status says what its containers have: pods that nobody resizes are not written for it.

import { deepEqual, formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import {
  informerOf,
  isTerminal,
  NODE,
  parseAmounts,
  POD,
  podRequests,
  unlessOvertaken,
} from "../../kubernetes/index.ts";
import type {
  Container,
  ContainerStatus,
  Controller,
  ControllerContext,
  Node,
  Pod,
  PodCondition,
  PodStatus,
} from "../../kubernetes/index.ts";
import { agentOf, SIMULATED } from "../nodes/node-agent.ts";
import { createPodEvents } from "../nodes/pod-events.ts";
import type { PodEvents } from "../nodes/pod-events.ts";
import { replacedStatus } from "../nodes/pod-status.ts";
import { resizeEvents } from "../nodes/stage-events.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { containersOf, toRestart } from "./resize-restarts.ts";

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
  const events = createPodEvents(context, undefined);
  /** What the containers of pods had before their first resize, which no status tells. */
  const first = new Map<string, Pod["spec"]>();
  return {
    name: "kubelet-resize",
    setup(enqueue) {
      pods.onChange((current, old) => {
        if (current === undefined) return void first.delete(old?.metadata.uid ?? "");
        if (old === undefined) {
          if (isUnfinished(current)) enqueue(objectKey(current));
          return;
        }
        if (current.spec.containers === old.spec.containers) return;
        if (!isResized(current, old)) return;
        const { uid = "" } = current.metadata;
        if (!first.has(uid)) first.set(uid, old.spec);
        enqueue(objectKey(current));
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
      const { uid = "" } = pod.metadata;
      const before = resourcesBefore(pod, first.get(uid));
      const said = await unlessOvertaken(say({ context, events, before }, pod, refusal));
      if (said === undefined) return { requeueAfterMs: 0 };
      if (refusal === undefined) first.delete(uid);
      return refusal?.reason === "Deferred" ? { requeueAfterMs: RETRY_MS } : undefined;
    },
  };
}

function isResized({ spec }: Pod, old: Pod): boolean {
  return containersOf(spec).some(({ name, resources }) => {
    const before = containersOf(old.spec).find((one) => one.name === name);
    return before !== undefined && !deepEqual(before.resources, resources);
  });
}

/** Begun before this process did. */
function isUnfinished(pod: Pod): boolean {
  if (isTerminal(pod)) return false;
  return (pod.status?.containerStatuses ?? []).some(
    ({ name, resources }) =>
      resources !== undefined &&
      !deepEqual(resources, pod.spec.containers.find((one) => one.name === name)?.resources),
  );
}

/** By container: as the status has it, else as the specification was when nobody had resized the pod. */
function resourcesBefore({ status }: Pod, spec: Pod["spec"] | undefined): Before {
  const known = new Map<string, NonNullable<Container["resources"]>>();
  for (const { name, resources = {} } of spec === undefined ? [] : containersOf(spec))
    known.set(name, resources);
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  for (const { name, resources } of [...containerStatuses, ...initContainerStatuses])
    if (resources !== undefined) known.set(name, resources);
  return known;
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

type Before = Parameters<typeof toRestart>[1];

interface Kubelet {
  readonly context: ControllerContext;
  readonly events: PodEvents;
  readonly before: Before;
}

async function say(
  { context: { api, clock }, events, before }: Kubelet,
  pod: Pod,
  refusal: Refusal | undefined,
): Promise<"said"> {
  const { status = {} } = pod;
  const known = (status.conditions ?? []).find(({ type }) => type === PENDING);
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
  const others = (status.conditions ?? []).filter(({ type }) => type !== PENDING);
  const conditions = pending === undefined ? others : [...others, pending];
  const told = { ...pod, status: { ...status, conditions } };
  const restarting = refusal === undefined ? toRestart(pod, before) : NOBODY;
  const next = refusal === undefined ? resizedStatus(told, restarting, clock.now()) : told.status;
  if (deepEqual(next, status)) return "said";
  await api.update({ ...pod, status: next }, { subresource: "status" });
  for (const container of containersOf(pod.spec)) {
    if (restarting.has(container.name)) events.tellAll(pod, resizeEvents(container));
  }
  return "said";
}

const NOBODY: ReadonlySet<string> = new Set();

function resizedStatus(pod: Pod, restarting: ReadonlySet<string>, now: InstantMs): PodStatus {
  const status = restarting.size === 0 ? pod.status : replacedStatus(pod, { now }, restarting);
  return { ...status, ...withResources({ ...pod, status: status ?? {} }) };
}

function withResources({ spec, status }: Pod): Partial<PodStatus> {
  const resized = (statuses: readonly ContainerStatus[]): readonly ContainerStatus[] =>
    statuses.map((one) => {
      const resources = containersOf(spec).find(({ name }) => name === one.name)?.resources;
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

// Gives every pending pod a node: filter, score, reserve, bind; says why when none fits.
// Mirrors pkg/scheduler/schedule_one.go. One pod at a time, as the real one decides, on a cache of its own.

import {
  createEventRecorder,
  informerOf,
  isNotFound,
  isTerminal,
  isTerminating,
  NODE,
  POD,
  refOf,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  Node,
  Pod,
} from "../../kubernetes/index.ts";
import { NAMESPACE } from "../controllers/namespace-kinds.ts";
import {
  BOUND_BY_CONTROLLER,
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  SELECTED_NODE,
  STORAGE_CLASS,
} from "../controllers/storage-kinds.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../controllers/storage-kinds.ts";
import { findVolume } from "../controllers/volume-match.ts";
import { POD_DISRUPTION_BUDGET } from "../controllers/policy-kinds.ts";
import { createNodeChooser } from "./node-choice.ts";
import { unboundClaims } from "./pod-volumes.ts";
import { createSchedulerCache } from "./scheduler-cache.ts";
import { createSchedulingQueue } from "./scheduling-queue.ts";
import { createUnschedulableReporter } from "./unschedulable.ts";
import { CSI_NODE } from "./volume-limits.ts";

export interface SchedulerOptions {
  /** Pods that name this scheduler. Default `default-scheduler`. */
  readonly name?: string;
  /**
   * Nodes that fit before the search ends. Default: 50 or 5 % of the cluster, whichever is more; the real
   * scheduler looks for at least 100, and up to half of a small cluster.
   */
  readonly feasibleNodesMax?: number;
}

const RUN = "run";
/** How long a pod waits for its volumes before it is scheduled anew (`bindTimeoutSeconds`). */
const BIND_TIMEOUT_MS = 600_000;

export function schedulerController(options: SchedulerOptions = {}): ControllerFactory {
  return (context) => createScheduler(context, options);
}

function createScheduler(context: ControllerContext, options: SchedulerOptions): Controller {
  const { api, clock } = context;
  const { name = "default-scheduler" } = options;
  const pods = informerOf(context, POD);
  const nodes = informerOf(context, NODE);
  const namespaces = informerOf(context, NAMESPACE);
  const budgets = informerOf(context, POD_DISRUPTION_BUDGET);
  const volumes = {
    claims: informerOf(context, PERSISTENT_VOLUME_CLAIM),
    volumes: informerOf(context, PERSISTENT_VOLUME),
    classes: informerOf(context, STORAGE_CLASS),
    csiNodes: informerOf(context, CSI_NODE),
  };
  const events = createEventRecorder({ api, clock });
  const cache = createSchedulerCache();
  let enqueueRun = (): void => undefined;
  const queue = createSchedulingQueue(clock, () => enqueueRun());
  const choose = createNodeChooser({
    state: cache.state,
    volumes,
    budgets,
    promises: cache,
    feasibleNodesMax: options.feasibleNodesMax,
    rng: () => context.rng,
  });
  const reporter = createUnschedulableReporter(context, events, name);

  const bind = async (pod: Pod, nodeName: string): Promise<void> => {
    const { name: podName, namespace = "", uid } = pod.metadata;
    const target = { apiVersion: "v1", kind: "Node", name: nodeName };
    const metadata = { name: podName, namespace, ...(uid === undefined ? {} : { uid }) };
    try {
      await api.create(
        { apiVersion: "v1", kind: "Binding", metadata, target },
        { subresource: "binding" },
      );
    } catch (error) {
      cache.forget(uid ?? "");
      // A pod that was bound or is going has left the queue by the time it is tried again.
      if (!isNotFound(error)) queue.retry(pod);
      return;
    }
    events.recordAction({ component: name }, pod, {
      type: "Normal",
      reason: "Scheduled",
      action: "Binding",
      message: `Successfully assigned ${namespace}/${podName} to ${nodeName}`,
    });
  };
  /** A volume that is there already is kept for the claim; the volume controller then binds the two. */
  const reserve = async (volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> => {
    if (volume.spec.claimRef?.uid === claim.metadata.uid) return;
    const { name: claimName, namespace, uid, resourceVersion } = claim.metadata;
    const { apiVersion, kind } = PERSISTENT_VOLUME_CLAIM;
    const claimRef = { apiVersion, kind, namespace, name: claimName, uid, resourceVersion };
    const annotations = { [BOUND_BY_CONTROLLER]: "yes" };
    const body = { metadata: { annotations }, spec: { claimRef } };
    await api.patch(refOf(volume), { type: "merge", body });
  };
  /** Tells the provisioner where the pod will run and waits until its claims are bound. */
  const bindVolumes = async (pod: Pod, nodeName: string): Promise<"ready" | "waiting"> => {
    const claims = unboundClaims(pod, volumes);
    for (const claim of claims) {
      const reserved = findVolume(claim, volumes.volumes.list(), nodes.get(nodeName));
      if (reserved !== undefined) {
        await reserve(reserved, claim);
        continue;
      }
      if (claim.metadata.annotations?.[SELECTED_NODE] === nodeName) continue;
      const body = { metadata: { annotations: { [SELECTED_NODE]: nodeName } } };
      await api.patch(refOf(claim), { type: "merge", body });
    }
    return claims.length === 0 ? "ready" : "waiting";
  };
  const place = async (pod: Pod, nodeName: string): Promise<void> => {
    cache.assume(pod, nodeName);
    let outcome: "ready" | "waiting";
    try {
      outcome = await bindVolumes(pod, nodeName);
    } catch {
      // The pod is in nobody's hands but ours.
      cache.forget(pod.metadata.uid ?? "");
      queue.retry(pod);
      return;
    }
    if (outcome === "ready") return bind(pod, nodeName);
    const timer = clock.setTimer(BIND_TIMEOUT_MS, () => {
      if (!cache.stopWaiting(pod.metadata.uid ?? "")) return;
      cache.forget(pod.metadata.uid ?? "");
      queue.retry(pod);
    });
    cache.waitForVolumes({ pod, nodeName, timer });
  };
  const resumeWaiting = async (): Promise<void> => {
    for (const { pod, nodeName, timer } of cache.waiting()) {
      if (unboundClaims(pod, volumes).length > 0) continue;
      timer.cancel();
      cache.stopWaiting(pod.metadata.uid ?? "");
      await bind(pod, nodeName);
    }
  };

  const scheduleOne = async (popped: Pod): Promise<void> => {
    const pod = pods.get(popped.metadata.name, popped.metadata.namespace);
    if (pod === undefined || pod.metadata.uid !== popped.metadata.uid || !isPending(pod)) return;
    const choice = choose(pod);
    if (choice.outcome === "node") return place(pod, choice.nodeName);
    queue.park(pod, choice.helpedBy);
    await reporter.report(pod, choice.message);
    if (choice.plan !== undefined) await reporter.preempt(pod, choice.plan);
  };

  const isPending = (pod: Pod): boolean =>
    !pod.spec.nodeName &&
    (pod.spec.schedulerName ?? "default-scheduler") === name &&
    !pod.spec.schedulingGates?.length &&
    !isTerminating(pod) &&
    !isTerminal(pod);

  const onPod = (current: Pod | undefined, old: Pod | undefined): void => {
    const pod = current ?? old;
    const uid = pod?.metadata.uid ?? "";
    const promised = current?.status?.nominatedNodeName ?? old?.status?.nominatedNodeName;
    if (pod !== undefined && promised !== undefined) {
      const pending = current !== undefined && isPending(current);
      cache.nominate(pod, pending ? current.status?.nominatedNodeName : undefined);
    }
    if (current === undefined || isTerminal(current)) {
      queue.remove(uid);
      if (cache.forget(uid) === "freed") queue.wake("pod-removed");
    } else if (current.spec.nodeName) {
      queue.remove(uid);
      if (cache.confirm(current, current.spec.nodeName) === "new") queue.wake("pod-added");
      else if (current.metadata.deletionTimestamp !== old?.metadata.deletionTimestamp)
        queue.wake("pod-removed");
    } else if (isPending(current)) {
      if (!cache.isAssumed(uid)) queue.add(current, { wake: specChanged(current, old) });
    } else {
      queue.remove(uid);
    }
  };
  const onNode = (current: Node | undefined, old: Node | undefined): void => {
    if (current === undefined) cache.state.removeNode(old?.metadata.name ?? "");
    else if (old === undefined || nodeChanged(current, old)) cache.state.setNode(current);
    else return;
    queue.wake("node");
  };

  return {
    name,
    setup(enqueue) {
      enqueueRun = () => enqueue(RUN);
      nodes.onChange(onNode);
      pods.onChange(onPod);
      namespaces.onChange((current, old) => {
        const namespace = (current ?? old)?.metadata.name ?? "";
        if (current?.metadata.labels === old?.metadata.labels) return;
        cache.state.setNamespace(namespace, current?.metadata.labels);
      });
      for (const informer of Object.values(volumes)) {
        informer.onChange(() => {
          queue.wake("volume");
          if (cache.waiting().length > 0) enqueue(RUN);
        });
      }
    },
    async reconcile() {
      await resumeWaiting();
      for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) await scheduleOne(pod);
    },
    stop: () => events.stop(),
  };
}

/** Heartbeats change a node all the time; only these fields decide what fits. */
function nodeChanged(current: Node, old: Node): boolean {
  return (
    current.spec !== old.spec ||
    current.metadata.labels !== old.metadata.labels ||
    current.status?.allocatable !== old.status?.allocatable
  );
}

function specChanged(current: Pod, old: Pod | undefined): boolean {
  return (
    old !== undefined &&
    (current.spec !== old.spec || current.metadata.labels !== old.metadata.labels)
  );
}

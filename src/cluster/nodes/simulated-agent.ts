// The simulated kubelet: moves the pods of simulated nodes through the table of stages. Nothing is pulled, started or
// probed; pods, nodes and logs all say so.

import { createRng } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import {
  createEventRecorder,
  informerOf,
  isConflict,
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
  Node,
  Pod,
  PodStatus,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { CONFIG_MAP, SECRET } from "../controllers/namespace-kinds.ts";
import { podsByNodeOf } from "../controllers/object-index.ts";
import { isHeard, LEASE, LEASE_NAMESPACE } from "./heartbeat.ts";
import { AGENT, agentOf, SIMULATED } from "./node-agent.ts";
import type { NodeAgent } from "./node-agent.ts";
import { createPodAddresses } from "./pod-addresses.ts";
import { findMissing } from "./pod-references.ts";
import type { MissingReference } from "./pod-references.ts";
import { GENERAL_DELAYS, POD_STAGES, stageOf } from "./pod-stages.ts";
import type { PodStage, StageDelay, StageDelays, StageEvent } from "./pod-stages.ts";
import { blockedStatus, finishedStatus } from "./pod-status.ts";
import { simulationOf } from "./simulation-annotations.ts";

export interface SimulatedAgentOptions {
  /** Default GENERAL_DELAYS. */
  readonly delays?: Partial<StageDelays>;
  readonly stages?: readonly PodStage[];
  /** Which events pods get: `all`, or, by default, only those about trouble. */
  readonly events?: "all" | "warnings";
  /** Stage changes fall on multiples of this, so that many cost one round of reconciles. Default 100 ms. */
  readonly tickMs?: number;
}

/** Stages that may not be passed while a Secret or ConfigMap is missing. */
const NEEDS_REFERENCES: ReadonlySet<string> = new Set(["initialize", "start"]);
const SIGTERM_EXIT = 143;

export function simulatedAgent(options: SimulatedAgentOptions = {}): NodeAgent {
  return {
    name: SIMULATED,
    controller: (context) => createSimulatedKubelet(context, options),
    async logs(pod, { timestamps }, onChunk) {
      const { name, namespace } = pod.metadata;
      const prefix = timestamps && pod.status?.startTime ? `${pod.status.startTime} ` : "";
      onChunk(
        `${prefix}simulated: pod ${namespace}/${name} runs no process on ${pod.spec.nodeName ?? "no node"}; this line stands for its log\n`,
      );
    },
  };
}

interface Entered {
  readonly stage: string;
  readonly dueAt: InstantMs;
}

function createSimulatedKubelet(
  context: ControllerContext,
  options: SimulatedAgentOptions,
): Controller {
  const { api, clock } = context;
  const { stages = POD_STAGES, tickMs = 100 } = options;
  const delays: StageDelays = { ...GENERAL_DELAYS, ...options.delays };
  const pods = informerOf(context, POD);
  const nodes = informerOf(context, NODE);
  const leases = informerOf(context, LEASE);
  const secrets = informerOf(context, SECRET);
  const configMaps = informerOf(context, CONFIG_MAP);
  const events = createEventRecorder({ api, clock });
  const addresses = createPodAddresses();
  const entered = new Map<string, Entered>();
  const waiting = createWaitingPods();
  const podsByNode = podsByNodeOf(context);
  let seed: string | undefined;

  /** The pod's node, if it is ours and can be heard. */
  const nodeOf = (pod: Pod): Node | undefined => {
    const node = nodes.get(pod.spec.nodeName ?? "");
    if (node === undefined || agentOf(node) !== SIMULATED) return undefined;
    return isHeard(leases.get(node.metadata.name, LEASE_NAMESPACE)) ? node : undefined;
  };
  const tell = (
    pod: Pod,
    { type = "Normal", ...event }: Omit<StageEvent, "type"> & { type?: "Normal" | "Warning" },
  ): void => {
    if (type === "Normal" && options.events !== "all") return;
    const host = pod.spec.nodeName;
    events.record({ component: "kubelet", host }, pod, { ...event, type });
  };

  const seedOf = (): string => (seed ??= context.rng.text(8, "0123456789abcdef"));
  /** When the pod leaves the stage; drawn once, from the pod's uid, whatever the order of events. */
  const dueAt = (pod: Pod, stage: PodStage): InstantMs => {
    const uid = pod.metadata.uid ?? "";
    const key = `${stage.name}/${restartsOf(pod)}`;
    const known = entered.get(uid);
    if (known?.stage === key) return known.dueAt;
    const delay = stage.delay?.(pod, simulationOf(pod)) ?? delays[stage.name];
    const jitter =
      delay.jitterMs === 0 ? 0 : createRng(`${seedOf()}/${uid}/${key}`).next() * delay.jitterMs;
    const due = Math.ceil((clock.now() + limited(pod, stage, delay) + jitter) / tickMs) * tickMs;
    const at = delay.ms + jitter === 0 ? clock.now() : due;
    entered.set(uid, { stage: key, dueAt: at });
    return at;
  };

  const placeOf = (pod: Pod, node: Node): { now: InstantMs; hostIP: string; podIP: string } => {
    const hostIP = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
    const own = pod.spec.hostNetwork === true ? hostIP : undefined;
    const assigned =
      own ??
      pod.status?.podIP ??
      addresses.assign(pod.metadata.uid ?? "", node.spec?.podCIDR ?? "");
    return { now: clock.now(), hostIP, podIP: assigned ?? "" };
  };

  /** Deletes for good; a pod that others hold by a finalizer is first shown as ended. */
  const remove = async (pod: Pod): Promise<void> => {
    const { uid, finalizers = [] } = pod.metadata;
    if (finalizers.length > 0 && !isTerminal(pod)) {
      await writePod(pod, finishedStatus(pod, { now: clock.now() }, SIGTERM_EXIT));
    }
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    if (pod.metadata.deletionGracePeriodSeconds === 0 && finalizers.length > 0) return;
    try {
      await api.delete(refOf(pod), { gracePeriodSeconds: 0, ...preconditions });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  };
  const writePod = async (pod: Pod, status: PodStatus): Promise<void> => {
    const annotations = { ...pod.metadata.annotations, [AGENT]: SIMULATED };
    const metadata = agentOf(pod) === SIMULATED ? pod.metadata : { ...pod.metadata, annotations };
    await api.update({ ...pod, metadata, status }, { subresource: "status" });
  };

  /** Shows what is missing and waits for it to change. */
  const block = async (pod: Pod, draft: Pod, missing: MissingReference): Promise<void> => {
    waiting.add(pod, missing);
    const said = `${missing.outcome}/${missing.message}`;
    const { uid = "" } = pod.metadata;
    if (waiting.said(uid) === said) return;
    waiting.say(uid, said);
    if (missing.outcome === "mount-error") {
      tell(pod, { type: "Warning", reason: "FailedMount", message: missing.message });
      if (draft !== pod) await writePod(pod, draft.status ?? {});
      return;
    }
    tell(pod, { type: "Warning", reason: "Failed", message: `Error: ${missing.message}` });
    await writePod(pod, blockedStatus(draft, "CreateContainerConfigError", missing.message));
  };

  /** The image cannot be had; the pod is looked at again when it changes. */
  const refusePull = async (pod: Pod, draft: Pod): Promise<void> => {
    const image = pod.spec.containers[0]?.image ?? "";
    const message = `Back-off pulling image "${image}"`;
    const said = `pull/${message}`;
    const { uid = "" } = pod.metadata;
    if (waiting.said(uid) === said) return;
    waiting.say(uid, said);
    tell(pod, {
      type: "Warning",
      reason: "Failed",
      message: `Failed to pull image "${image}" (simulated)`,
    });
    await writePod(pod, blockedStatus(draft, "ImagePullBackOff", message));
  };
  /** Goes through every stage that is due and writes once. */
  const advance = async (pod: Pod, node: Node): Promise<ReconcileResult | void> => {
    let draft = pod;
    let requeueAfterMs: number | undefined;
    for (let stage = stageOf(draft, stages); stage !== undefined; stage = stageOf(draft, stages)) {
      const waitMs = dueAt(draft, stage) - clock.now();
      if (waitMs > 0) {
        requeueAfterMs = waitMs;
        break;
      }
      if (NEEDS_REFERENCES.has(stage.name)) {
        if (simulationOf(draft).pullFails) return refusePull(pod, draft);
        const trouble = troubleOf(draft);
        if (trouble !== undefined) return block(pod, draft, trouble);
      }
      const effect = stage.next(draft, placeOf(draft, node), simulationOf(draft));
      if (effect.outcome === "gone") return remove(pod);
      if (effect.event !== undefined) tell(pod, effect.event);
      draft = { ...draft, status: effect.status };
    }
    if (draft !== pod) await writePod(pod, draft.status ?? {});
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
  };
  const troubleOf = (pod: Pod): MissingReference | undefined => {
    const missing = findMissing(pod, { secrets, configMaps });
    if (missing === undefined) waiting.remove(pod.metadata.uid ?? "");
    return missing;
  };

  return {
    name: "kubelet",
    setup(enqueue) {
      pods.onChange((current, old) => {
        const pod = current ?? old;
        const uid = pod?.metadata.uid ?? "";
        if (current === undefined) {
          addresses.release(uid);
          entered.delete(uid);
          waiting.remove(uid);
          return;
        }
        if (!current.spec.nodeName || (isTerminal(current) && !isTerminating(current))) return;
        if (old === undefined && current.status?.podIP) {
          const podCIDR = nodeOf(current)?.spec?.podCIDR;
          if (podCIDR !== undefined) addresses.claim(uid, podCIDR, current.status.podIP);
        }
        enqueue(keyOf(current));
      });
      const enqueueNode = (name: string): void => {
        for (const pod of podsByNode.get(name)) enqueue(keyOf(pod));
      };
      nodes.onChange((current, old) => {
        if (current !== undefined && old === undefined) enqueueNode(current.metadata.name);
      });
      leases.onChange((current, old) => {
        if (current === undefined || current.metadata.namespace !== LEASE_NAMESPACE) return;
        if (isHeard(current) && !isHeard(old)) enqueueNode(current.metadata.name);
      });
      for (const informer of [secrets, configMaps]) {
        informer.onChange((current, old) => {
          const object = current ?? old;
          if (object !== undefined) for (const key of waiting.on(object)) enqueue(key);
        });
      }
    },
    async reconcile(key) {
      const slash = key.indexOf("/");
      const pod = pods.get(key.slice(slash + 1), key.slice(0, slash));
      const node = pod && nodeOf(pod);
      if (pod === undefined || node === undefined) return undefined;
      return advance(pod, node);
    },
  };
}

function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function restartsOf({ status }: Pod): number {
  return status?.containerStatuses?.[0]?.restartCount ?? 0;
}

/** Termination takes no longer than the grace period. */
function limited(pod: Pod, stage: PodStage, delay: StageDelay): number {
  const grace = pod.metadata.deletionGracePeriodSeconds;
  if (stage.name !== "terminate" || grace === undefined) return delay.ms;
  return Math.min(delay.ms, grace * 1000);
}

interface WaitingPods {
  add(pod: Pod, missing: MissingReference): void;
  remove(uid: string): void;
  /** Keys of the pods that wait for this Secret or ConfigMap. */
  on(object: { readonly kind: string; readonly metadata: Pod["metadata"] }): readonly string[];
  said(uid: string): string | undefined;
  say(uid: string, what: string): void;
}

function createWaitingPods(): WaitingPods {
  const byReference = new Map<string, Map<string, string>>();
  const references = new Map<string, string>();
  const last = new Map<string, string>();
  const remove = (uid: string): void => {
    const reference = references.get(uid);
    references.delete(uid);
    last.delete(uid);
    if (reference !== undefined) byReference.get(reference)?.delete(uid);
  };
  return {
    add(pod, { reference: { kind, name } }) {
      const uid = pod.metadata.uid ?? "";
      const reference = `${kind}/${pod.metadata.namespace}/${name}`;
      if (references.get(uid) === reference) return;
      remove(uid);
      references.set(uid, reference);
      const there = byReference.get(reference) ?? new Map<string, string>();
      byReference.set(reference, there.set(uid, keyOf(pod)));
    },
    remove,
    on: ({ kind, metadata }) => [
      ...(byReference.get(`${kind}/${metadata.namespace}/${metadata.name}`)?.values() ?? []),
    ],
    said: (uid) => last.get(uid),
    say: (uid, what) => void last.set(uid, what),
  };
}

// The simulated kubelet: moves the pods of simulated nodes through the table of stages. Nothing is pulled, started or
// probed; pods, nodes and logs all say so.

import { informerOf, isTerminal, isTerminating, NODE, POD } from "../../kubernetes/index.ts";
import type {
  Container,
  Controller,
  ControllerContext,
  Node,
  Pod,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { CONFIG_MAP, SECRET } from "../controllers/namespace-kinds.ts";
import { podsByNodeOf } from "../controllers/object-index.ts";
import { isHeard, LEASE, LEASE_NAMESPACE } from "./heartbeat.ts";
import { agentOf, SIMULATED } from "./node-agent.ts";
import type { NodeAgent } from "./node-agent.ts";
import { pullAttempt, pullEvents, pullMessage, pullSucceedsAfter } from "./image-pull.ts";
import { createCrashCounts } from "./crash-counts.ts";
import { createPodAddresses } from "./pod-addresses.ts";
import { createPodEvents } from "./pod-events.ts";
import { removePod } from "./pod-removal.ts";
import { createPodWriter } from "./pod-writer.ts";
import { findMissing } from "./pod-references.ts";
import type { MissingReference } from "./pod-references.ts";
import { GENERAL_DELAYS, POD_STAGES, startsInStage } from "./pod-stages.ts";
import type { PodStage, StageDelays } from "./pod-stages.ts";
import { blockedStatus, finishedStatus, SIGTERM_EXIT } from "./pod-status.ts";
import type { Obstacle, PodPlace } from "./pod-status.ts";
import { writeLog } from "./simulated-log.ts";
import { createStageClock } from "./stage-clock.ts";
import { pulledEvent, pullingEvents, stoppingEvents } from "./stage-events.ts";
import { createWaitingPods } from "./waiting-pods.ts";
import { simulationOf } from "./simulation-annotations.ts";

export interface SimulatedAgentOptions {
  /** Default GENERAL_DELAYS. */
  readonly delays?: Partial<StageDelays>;
  readonly stages?: readonly PodStage[];
  /** Which events pods get: `all`, or only those about trouble; by default all in clusters of up to 20 nodes. */
  readonly events?: "all" | "warnings";
  /** Stage changes fall on multiples of this, so that many cost one round of reconciles. Default 100 ms. */
  readonly tickMs?: number;
  /** Pods of simulated nodes that are left to another agent. Default: none. */
  readonly isForeign?: (pod: Pod) => boolean;
}

/** A stage that would start containers of a pod in the state of `draft`. */
interface Attempt {
  readonly draft: Pod;
  readonly place: PodPlace;
  readonly starting: readonly Container[];
}

/** Stages that may not be passed while a Secret or ConfigMap is missing. */
const NEEDS_REFERENCES: ReadonlySet<string> = new Set(["start-init", "start"]);
const CRASHES: ReadonlySet<string> = new Set(["crash", "run-out-of-memory", "fail-probe"]);
const PULL = "pull";

export function simulatedAgent(options: SimulatedAgentOptions = {}): NodeAgent {
  let running: ControllerContext | undefined;
  return {
    name: SIMULATED,
    controller(context) {
      running = context;
      return createSimulatedKubelet(context, options);
    },
    logs(pod, logOptions, onChunk, stopped) {
      const { name, namespace, uid } = pod.metadata;
      const current = () => {
        const found = running && informerOf(running, POD).get(name, namespace);
        return found?.metadata.uid === uid ? found : undefined;
      };
      return writeLog({ clock: running?.clock, current }, pod, logOptions, onChunk, stopped);
    },
  };
}

function createSimulatedKubelet(
  context: ControllerContext,
  options: SimulatedAgentOptions,
): Controller {
  const { api, clock } = context;
  const { stages = POD_STAGES, tickMs = 100, isForeign = () => false } = options;
  const delays: StageDelays = { ...GENERAL_DELAYS, ...options.delays };
  const pods = informerOf(context, POD);
  const nodes = informerOf(context, NODE);
  const leases = informerOf(context, LEASE);
  const secrets = informerOf(context, SECRET);
  const configMaps = informerOf(context, CONFIG_MAP);
  const addresses = createPodAddresses();
  const waiting = createWaitingPods();
  const podsByNode = podsByNodeOf(context);
  let seed: string | undefined;

  /** The pod's node, if it is ours and can be heard. */
  const nodeOf = (pod: Pod): Node | undefined => {
    const node = nodes.get(pod.spec.nodeName ?? "");
    if (node === undefined || agentOf(node) !== SIMULATED) return undefined;
    return isHeard(leases.get(node.metadata.name, LEASE_NAMESPACE)) ? node : undefined;
  };
  const { tell, tellAll } = createPodEvents(context, options.events);
  const crashes = createCrashCounts(clock);
  const stageClock = createStageClock({
    clock,
    stages,
    delays,
    tickMs,
    seed: () => (seed ??= context.rng.text(8, "0123456789abcdef")),
    onEnter(pod, stage) {
      if (stage.name === "terminate") tellAll(pod, stoppingEvents(pod));
      if (stage.name.startsWith("start") && simulationOf(pod).pullMs > 0) {
        tellAll(pod, pullingEvents(pod.spec.containers));
      }
    },
  });

  const placeOf = (pod: Pod, node: Node): PodPlace => {
    const hostIP = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
    const own = pod.spec.hostNetwork === true ? hostIP : undefined;
    const assigned =
      own ??
      pod.status?.podIP ??
      addresses.assign(pod.metadata.uid ?? "", node.spec?.podCIDR ?? "");
    return { now: clock.now(), hostIP, podIP: assigned ?? "", crashes: crashes.of(pod) };
  };

  const { writePod, isSettled } = createPodWriter(api);
  const remove = (pod: Pod): Promise<void> =>
    removePod(api, pod, () =>
      writePod(pod, finishedStatus(pod, { now: clock.now() }, { exitCode: SIGTERM_EXIT })),
    );
  /** Shows what is missing and waits for it to change. */
  const block = async (
    pod: Pod,
    { draft, place, starting }: Attempt,
    missing: MissingReference,
  ): Promise<void> => {
    waiting.add(pod, missing);
    const last = `${missing.outcome}/${missing.message}`;
    const { uid = "" } = pod.metadata;
    if (waiting.said(uid) === last) return;
    waiting.say(uid, last);
    if (missing.outcome === "mount-error") {
      tell(pod, { type: "Warning", reason: "FailedMount", message: missing.message });
      if (draft !== pod) await writePod(pod, draft.status ?? {});
      return;
    }
    const { container, ...said } = configFault(missing, starting);
    if (container !== undefined) tell(pod, pulledEvent(container));
    tell(pod, { type: "Warning", reason: "Failed", message: `Error: ${said.message}` });
    await writePod(pod, blockedStatus(draft, place, said, container));
  };

  /** The image cannot be had; the next attempt comes by itself, or when the pod changes. */
  const refusePull = async (
    pod: Pod,
    { draft, place, starting }: Attempt,
  ): Promise<ReconcileResult> => {
    const image = starting[0]?.image ?? "";
    const elapsedMs = clock.now() - stageClock.since(pod, PULL);
    const { attempt, reason, nextMs } = pullAttempt(elapsedMs);
    const said = `pull/${attempt}/${reason}`;
    const { uid = "" } = pod.metadata;
    if (waiting.said(uid) !== said) {
      waiting.say(uid, said);
      tellAll(pod, pullEvents(image, reason));
      const message = pullMessage(image, reason);
      await writePod(pod, blockedStatus(draft, place, { reason, message }));
    }
    return { requeueAfterMs: nextMs };
  };
  const cannotPull = (pod: Pod): boolean => {
    const { pullFailsMs } = simulationOf(pod);
    if (pullFailsMs === undefined) return false;
    return clock.now() - stageClock.since(pod, PULL) < pullSucceedsAfter(pullFailsMs);
  };
  /** Goes through every stage that is due and writes once. */
  const advance = async (pod: Pod, node: Node): Promise<ReconcileResult | void> => {
    let draft = pod;
    let place: PodPlace | undefined;
    let requeueAfterMs: number | undefined;
    for (let due = stageClock.next(draft); due !== undefined; due = stageClock.next(draft)) {
      const { stage } = due;
      const waitMs = due.at - clock.now();
      if (waitMs > 0) {
        requeueAfterMs = waitMs;
        break;
      }
      place ??= placeOf(draft, node);
      if (NEEDS_REFERENCES.has(stage.name)) {
        const attempt = { draft, place, starting: startsInStage(stage.name, draft) };
        const missing = findMissing(draft, attempt.starting, { secrets, configMaps });
        if (missing?.outcome !== "mount-error" && cannotPull(draft))
          return refusePull(pod, attempt);
        if (missing !== undefined) return block(pod, attempt, missing);
        waiting.remove(draft.metadata.uid ?? "");
      }
      const effect = stage.next(draft, place, simulationOf(draft));
      if (effect.outcome === "gone") return remove(pod);
      tellAll(pod, effect.events ?? []);
      stageClock.passed(draft, stage);
      if (CRASHES.has(stage.name)) {
        crashes.add(pod, place.crashes);
        place = undefined;
      }
      draft = { ...draft, status: effect.status };
    }
    if (draft !== pod) await writePod(pod, draft.status ?? {}, true);
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
  };
  return {
    name: "kubelet",
    setup(enqueue) {
      pods.onChange((current, old) => {
        const pod = current ?? old;
        const uid = pod?.metadata.uid ?? "";
        if (current === undefined) {
          addresses.release(uid);
          stageClock.forget(uid);
          crashes.forget(uid);
          waiting.remove(uid);
          return;
        }
        if (!current.spec.nodeName || (isTerminal(current) && !isTerminating(current))) return;
        if (old === undefined && current.status?.podIP) {
          const podCIDR = nodeOf(current)?.spec?.podCIDR;
          if (podCIDR !== undefined) addresses.claim(uid, podCIDR, current.status.podIP);
        }
        if (!isSettled(current) || old?.spec !== current.spec) enqueue(keyOf(current));
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
      if (pod === undefined || node === undefined || isForeign(pod)) return undefined;
      return advance(pod, node);
    },
  };
}

/** Its image is there, its configuration is not. */
function configFault(
  { reference, message }: MissingReference,
  starting: readonly Container[],
): Obstacle & { readonly container: Container | undefined } {
  const user = reference.for;
  const container = starting.find(({ name }) => "container" in user && name === user.container);
  return { reason: "CreateContainerConfigError", message, container };
}

function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}

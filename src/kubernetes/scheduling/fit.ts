// Which nodes a pod fits on, and why not on the others. The plug-ins run in kube-scheduler's order and the first
// that refuses a node speaks for it (pkg/scheduler/framework/plugins, v1.36).

import { hostPortKeys, hostPortsCollide } from "./host-ports.ts";
import {
  matchesNodeAffinity,
  matchesNodeSelectorTerms,
  requiredNodeNames,
} from "./node-affinity.ts";
import type { NodeSelectorTerm } from "./node-affinity.ts";
import type { Node } from "./node.ts";
import type { Pod } from "./pod.ts";
import { preparePodAffinity } from "./pod-affinity.ts";
import type { AffinityVerdict } from "./pod-affinity.ts";
import { podRequests } from "./resources.ts";
import type { NodeState, SchedulingState } from "./scheduling-state.ts";
import { findUntoleratedTaint } from "./taints.ts";
import { prepareSpread } from "./topology-spread.ts";

/** Why one node is refused. */
export interface Misfit {
  /** The words kube-scheduler uses, one per cause. */
  readonly reasons: readonly string[];
  /** True when removing other pods from the node could help. */
  readonly resolvable: boolean;
}

/** The pod's volumes: what refuses the pod as a whole, or where bound volumes allow it to run. */
export type VolumeVerdict =
  | { readonly outcome: "refused"; readonly message: string }
  | {
      readonly outcome: "ready";
      /** The `nodeAffinity.required` terms of every bound volume; each list must match. */
      readonly nodeTerms: readonly (readonly NodeSelectorTerm[])[];
      /** What else the volumes ask of a node, in the order of the plug-ins. */
      readonly checks?: readonly VolumeCheck[];
    };

/** One demand of the pod's volumes. */
export interface VolumeCheck {
  allows(node: Node): boolean;
  readonly misfit: Misfit;
}

/** Checks one node after another for one pod. */
export type FitCheck = (candidate: NodeState) => Misfit | undefined;

export interface FitOptions {
  readonly nodeTerms?: readonly (readonly NodeSelectorTerm[])[];
  readonly volumeChecks?: readonly VolumeCheck[];
}

const UNSCHEDULABLE_TAINT = "node.kubernetes.io/unschedulable";

export function prepareFit(pod: Pod, state: SchedulingState, options: FitOptions = {}): FitCheck {
  const { spec } = pod;
  const names = requiredNodeNames(spec);
  const choosy = spec.nodeSelector !== undefined || spec.affinity?.nodeAffinity !== undefined;
  const requests = [...podRequests(spec)].filter(([name, amount]) => amount > 0 && name !== "pods");
  const ports = hostPortKeys(spec);
  const spread = prepareSpread(pod, state);
  const affinity = preparePodAffinity(pod, state);
  const { nodeTerms = [], volumeChecks = [] } = options;
  const bound = nodeTerms.length > 0;
  // Every pod's search comes by here for many nodes: the node itself is far away in memory, its room is not.
  return (candidate) => {
    if (names !== undefined && !names.has(candidate.name)) return OTHER_NODE;
    const refused = candidate.room.isGuarded ? refusedByNode(pod, candidate.node) : undefined;
    if (refused !== undefined) return refused;
    if (choosy && !matchesNodeAffinity(spec, candidate.node)) return AFFINITY;
    if (ports.length > 0 && hostPortsCollide(ports, candidate.hostPorts)) return PORTS;
    const shortage = findShortage(requests, candidate);
    if (shortage !== undefined) return shortage;
    if (bound && !nodeTerms.every((terms) => matchesNodeSelectorTerms(terms, candidate.node)))
      return VOLUME;
    for (const { allows, misfit } of volumeChecks) if (!allows(candidate.node)) return misfit;
    const skew = spread?.(candidate) ?? "fits";
    if (skew !== "fits") return skew === "skewed" ? SKEWED : SPREAD_LABEL;
    const verdict = affinity?.(candidate) ?? "fits";
    return verdict === "fits" ? undefined : POD_AFFINITY[verdict];
  };
}

/** Cordons and taints. */
function refusedByNode(pod: Pod, { spec }: Node): Misfit | undefined {
  if (spec?.unschedulable === true && !toleratesUnschedulable(pod)) return UNSCHEDULABLE;
  const { tolerations } = pod.spec;
  const taint = findUntoleratedTaint(spec?.taints, tolerations, ["NoSchedule", "NoExecute"]);
  return taint === undefined ? undefined : TAINTED;
}

/** Names of the nodes that fit and the refusals of the others, in the order of the nodes. */
export function schedulingFit(
  pod: Pod,
  state: SchedulingState,
  options: FitOptions = {},
): { readonly fits: readonly string[]; readonly misfits: ReadonlyMap<string, Misfit> } {
  const check = prepareFit(pod, state, options);
  const fits: string[] = [];
  const misfits = new Map<string, Misfit>();
  for (const candidate of state.nodes) {
    const misfit = check(candidate);
    if (misfit === undefined) fits.push(candidate.name);
    else misfits.set(candidate.name, misfit);
  }
  return { fits, misfits };
}

const refusal = (resolvable: boolean, ...reasons: readonly string[]): Misfit => ({
  reasons,
  resolvable,
});

const OTHER_NODE = refusal(false, "node(s) didn't satisfy plugin(s) [NodeAffinity]");
const UNSCHEDULABLE = refusal(false, "node(s) were unschedulable");
const TAINTED = refusal(false, "node(s) had untolerated taint(s)");
const AFFINITY = refusal(false, "node(s) didn't match Pod's node affinity/selector");
const PORTS = refusal(true, "node(s) didn't have free ports for the requested pod ports");
const VOLUME = refusal(false, "node(s) didn't match PersistentVolume's node affinity");
const SKEWED = refusal(true, "node(s) didn't match pod topology spread constraints");
const SPREAD_LABEL = refusal(
  false,
  "node(s) didn't match pod topology spread constraints (missing required label)",
);
const POD_AFFINITY: Readonly<Record<Exclude<AffinityVerdict, "fits">, Misfit>> = {
  "affinity-unmet": refusal(false, "node(s) didn't match pod affinity rules"),
  "anti-affinity-unmet": refusal(true, "node(s) didn't match pod anti-affinity rules"),
  "existing-anti-affinity": refusal(
    true,
    "node(s) didn't satisfy existing pods anti-affinity rules",
  ),
};

/** Cordoning counts as a taint, so that a daemon pod may still run there. */
function toleratesUnschedulable({ spec }: Pod): boolean {
  const taint = { key: UNSCHEDULABLE_TAINT, effect: "NoSchedule" as const };
  return findUntoleratedTaint([taint], spec.tolerations, ["NoSchedule"]) === undefined;
}

/** Every resource that is short is named; more than the whole node has cannot be helped by preemption. */
function findShortage(
  requests: readonly (readonly [resource: string, amount: number])[],
  { allocatable, requested, room }: NodeState,
): Misfit | undefined {
  let reasons: string[] | undefined;
  let resolvable = true;
  if (room.podsPlaced + 1 > room.pods) reasons = ["Too many pods"];
  for (const [resource, amount] of requests) {
    const capacity = allocatable.get(resource) ?? 0;
    if (amount <= capacity - (requested.get(resource) ?? 0)) continue;
    (reasons ??= []).push(`Insufficient ${resource}`);
    if (amount > capacity) resolvable = false;
  }
  return reasons === undefined ? undefined : { reasons, resolvable };
}

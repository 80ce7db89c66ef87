// What placing a pod has to know of a cluster: nodes with what is left on them, the pods placed, and counts by
// selector. Mutable, updated pod by pod; the scheduler's cache and the verifier's packing share it.

import { controllerUid } from "../controller-runtime/object-cache.ts";
import { hostPortKeys } from "./host-ports.ts";
import type { Labels } from "./selector-match.ts";
import type { Node } from "./node.ts";
import { isTerminating } from "./pod.ts";
import type { Pod } from "./pod.ts";
import { attractions, requiredAntiAffinityQueries } from "./pod-affinity.ts";
import type { AffinityQuery } from "./pod-affinity.ts";
import { addTo, createDomainCounter } from "./domain-counter.ts";
import type { DomainCounter } from "./domain-counter.ts";
import { createPodTally, inScope, tallyKey } from "./pod-tally.ts";
import type { PodTally, TallyQuery } from "./pod-tally.ts";
import { parseAmounts, podNonZeroRequests, podRequests } from "./resources.ts";
import type { Amounts } from "./resources.ts";
import { matchesSelector } from "./selector-match.ts";

export interface NodeState {
  readonly name: string;
  readonly node: Node;
  readonly allocatable: Amounts;
  /** What the pods on it request together. */
  readonly requested: ReadonlyMap<string, number>;
  /** What every pod's search looks at on every node. */
  readonly room: NodeRoom;
  readonly pods: ReadonlyMap<string, Pod>;
  /** Host ports in use, as `hostPortKeys` writes them. */
  readonly hostPorts: ReadonlyMap<string, number>;
}

/** Capacities, zero for none, and what counts as asked for in scores, where every container asks for some CPU and memory. */
export interface NodeRoom {
  /** Cordoned or tainted: not every pod may come. */
  readonly isGuarded: boolean;
  readonly podsPlaced: number;
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
  readonly askedCpu: number;
  readonly askedMemory: number;
}

export interface SchedulingState {
  readonly nodes: readonly NodeState[];
  /** Whether any node says which images it has. */
  readonly knowsImages: boolean;
  node(name: string): NodeState | undefined;
  /** Adds or replaces; pods already placed on a node of this name count at once. */
  setNode(node: Node): void;
  removeNode(name: string): void;
  /** Places the pod or takes over its newer state; a terminating pod counts as one that is not living. */
  setPod(pod: Pod, nodeName: string): void;
  removePod(uid: string): void;
  /** Where a pod has been placed. */
  nodeNameOf(uid: string): string | undefined;
  setNamespace(name: string, labels: Labels | undefined): void;
  tally(query: TallyQuery): PodTally;
  /** Where the pods of one controller are; undefined when it has none. */
  ownedBy(controllerUid: string): DomainCounter | undefined;
  /** Values of a node label over all nodes. */
  domains(topologyKey: string): ReadonlySet<string>;
  /** How many nodes have the label. */
  labelledNodes(topologyKey: string): number;
  /** Topology key → value → how much the terms of placed pods draw this pod there. */
  attraction(pod: Pod): ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Topology key → values forbidden to the pod by the required anti-affinity of pods already placed. */
  forbiddenDomains(pod: Pod): ReadonlyMap<string, ReadonlySet<string>>;
}

interface MutableNodeState extends NodeState {
  node: Node;
  allocatable: Amounts;
  readonly requested: Map<string, number>;
  readonly room: { -readonly [Field in keyof NodeRoom]: NodeRoom[Field] };
  readonly pods: Map<string, Pod>;
  readonly hostPorts: Map<string, number>;
  /** False while pods are placed on a node that has not been announced. */
  known: boolean;
}

/** A term of placed pods that concerns others. */
interface PlacedTerm extends AffinityQuery {
  /** Node name → pods on it with this term, or the sum of their weights. */
  readonly byNode: Map<string, number>;
}

/** Selectors remembered at once; the one longest unused is dropped and counted anew when asked for. */
const TALLIES_MAX = 2000;

export function createSchedulingState(nodes: readonly Node[] = []): SchedulingState {
  const states = new Map<string, MutableNodeState>();
  const placed = new Map<string, { pod: Pod; readonly nodeName: string; living: boolean }>();
  const tallies = new Map<string, PodTally>();
  const owners = new Map<string, DomainCounter>();
  const antiAffinities = new Map<string, PlacedTerm>();
  const attracting = new Map<string, PlacedTerm>();
  const namespaces = new Map<string, Labels>();
  const domainsByKey = new Map<string, { readonly values: Set<string>; readonly nodes: number }>();
  let list: readonly NodeState[] | undefined;
  const withImages = new Set<string>();

  const stateOf = (name: string): MutableNodeState => {
    const existing = states.get(name);
    if (existing !== undefined) return existing;
    const created = emptyNodeState(name);
    states.set(name, created);
    return created;
  };
  const around = {
    namespaceLabels: (name: string) => namespaces.get(name),
    nodeLabels: (name: string) => states.get(name)?.node.metadata.labels,
  };
  const count = (pod: Pod, nodeName: string, step: 1 | -1, living: boolean): void => {
    for (const tally of tallies.values()) tally.count(pod, nodeName, step, living);
    if (living) countOwner(pod, nodeName, step);
    if (pod.spec.affinity === undefined) return;
    for (const term of requiredAntiAffinityQueries(pod)) {
      addTerm(antiAffinities, term, nodeName, step);
    }
    for (const term of attractions(pod)) addTerm(attracting, term, nodeName, step * term.weight);
  };
  const countOwner = (pod: Pod, nodeName: string, step: 1 | -1): void => {
    const uid = controllerUid(pod);
    if (uid === undefined) return;
    const counter = owners.get(uid) ?? createDomainCounter(around.nodeLabels);
    counter.add(nodeName, step);
    if (counter.total === 0) owners.delete(uid);
    else owners.set(uid, counter);
  };
  const removePod = (uid: string): void => {
    const entry = placed.get(uid);
    if (entry === undefined) return;
    placed.delete(uid);
    const state = stateOf(entry.nodeName);
    occupy(state, entry.pod, -1);
    count(entry.pod, entry.nodeName, -1, entry.living);
    if (!state.known && state.pods.size === 0) states.delete(entry.nodeName);
  };
  const relabelled = (): void => {
    tallies.clear();
    domainsByKey.clear();
    owners.clear();
    for (const { pod, nodeName, living } of placed.values()) {
      if (living) countOwner(pod, nodeName, 1);
    }
  };

  const labelled = (key: string): { readonly values: Set<string>; readonly nodes: number } => {
    const known = domainsByKey.get(key);
    if (known !== undefined) return known;
    const values = state.nodes.flatMap(({ node }) => node.metadata.labels?.[key] ?? []);
    const found = { values: new Set(values), nodes: values.length };
    domainsByKey.set(key, found);
    return found;
  };
  const termsFor = (terms: ReadonlyMap<string, PlacedTerm>, pod: Pod): readonly PlacedTerm[] => {
    if (terms.size === 0) return [];
    const { namespace = "", labels } = pod.metadata;
    return [...terms.values()].filter(
      ({ query }) =>
        inScope(query.scope, namespace, around.namespaceLabels) &&
        matchesSelector(query.selector, labels),
    );
  };

  const state: SchedulingState = {
    get nodes() {
      return (list ??= [...states.values()].filter(({ known }) => known));
    },
    get knowsImages() {
      return withImages.size > 0;
    },
    node(name) {
      const found = states.get(name);
      return found?.known === true ? found : undefined;
    },
    setNode(node) {
      const existing = stateOf(node.metadata.name);
      if (!existing.known || !sameLabels(existing.node, node)) relabelled();
      if (!existing.known) list = undefined;
      if (existing.node.status?.allocatable !== node.status?.allocatable || !existing.known) {
        existing.allocatable = parseAmounts(node.status?.allocatable);
        for (const resource of ["cpu", "memory", "pods"] as const) {
          existing.room[resource] = existing.allocatable.get(resource) ?? 0;
        }
      }
      existing.node = node;
      existing.room.isGuarded = isGuarded(node);
      existing.known = true;
      if (node.status?.images?.length) withImages.add(node.metadata.name);
      else withImages.delete(node.metadata.name);
    },
    removeNode(name) {
      const existing = states.get(name);
      if (existing === undefined) return;
      existing.known = false;
      withImages.delete(name);
      if (existing.pods.size === 0) states.delete(name);
      list = undefined;
      relabelled();
    },
    setPod(pod, nodeName) {
      const uid = pod.metadata.uid ?? "";
      const entry = placed.get(uid);
      const living = !isTerminating(pod);
      if (entry !== undefined && isSamePlacement(entry, pod, nodeName, living)) {
        entry.pod = pod;
        stateOf(nodeName).pods.set(uid, pod);
        return;
      }
      removePod(uid);
      placed.set(uid, { pod, nodeName, living });
      occupy(stateOf(nodeName), pod, 1);
      count(pod, nodeName, 1, living);
    },
    removePod,
    nodeNameOf: (uid) => placed.get(uid)?.nodeName,
    setNamespace(name, labels) {
      if (labels === undefined) namespaces.delete(name);
      else namespaces.set(name, labels);
      for (const [key, { query }] of tallies) {
        const matches = [query, ...(query.also ?? [])];
        if (matches.some(({ scope }) => scope.selector)) tallies.delete(key);
      }
    },
    tally(query) {
      const key = tallyKey(query);
      const known = tallies.get(key);
      if (known !== undefined) return known;
      const tally = createPodTally(query, around);
      for (const { pod, nodeName, living } of placed.values()) {
        tally.count(pod, nodeName, 1, living);
      }
      tallies.set(key, tally);
      if (tallies.size > TALLIES_MAX) tallies.delete(tallies.keys().next().value ?? "");
      return tally;
    },
    ownedBy: (uid) => owners.get(uid),
    domains: (topologyKey) => labelled(topologyKey).values,
    labelledNodes: (topologyKey) => labelled(topologyKey).nodes,
    attraction(pod) {
      const drawn = new Map<string, Map<string, number>>();
      for (const { topologyKey, byNode } of termsFor(attracting, pod)) {
        const byValue = drawn.get(topologyKey) ?? new Map<string, number>();
        drawn.set(topologyKey, byValue);
        for (const [nodeName, weight] of byNode) {
          addTo(byValue, around.nodeLabels(nodeName)?.[topologyKey], weight);
        }
      }
      return drawn;
    },
    forbiddenDomains(pod) {
      const forbidden = new Map<string, Set<string>>();
      for (const { topologyKey, byNode } of termsFor(antiAffinities, pod)) {
        const values = forbidden.get(topologyKey) ?? new Set<string>();
        forbidden.set(topologyKey, values);
        for (const nodeName of byNode.keys()) {
          const value = around.nodeLabels(nodeName)?.[topologyKey];
          if (value !== undefined) values.add(value);
        }
      }
      return forbidden;
    },
  };
  for (const node of nodes) state.setNode(node);
  return state;
}

function addTerm(
  terms: Map<string, PlacedTerm>,
  { query, topologyKey }: AffinityQuery,
  nodeName: string,
  step: number,
): void {
  const key = `${topologyKey} ${tallyKey(query)}`;
  const entry = terms.get(key) ?? { query, topologyKey, byNode: new Map() };
  addTo(entry.byNode, nodeName, step);
  if (entry.byNode.size === 0) terms.delete(key);
  else terms.set(key, entry);
}

function emptyNodeState(name: string): MutableNodeState {
  return {
    name,
    node: { apiVersion: "v1", kind: "Node", metadata: { name } },
    allocatable: new Map(),
    requested: new Map(),
    room: {
      isGuarded: false,
      podsPlaced: 0,
      cpu: 0,
      memory: 0,
      pods: 0,
      askedCpu: 0,
      askedMemory: 0,
    },
    pods: new Map(),
    hostPorts: new Map(),
    known: false,
  };
}

function isGuarded({ spec }: Node): boolean {
  return spec?.unschedulable === true || (spec?.taints ?? []).length > 0;
}

function occupy(state: MutableNodeState, pod: Pod, step: 1 | -1): void {
  const uid = pod.metadata.uid ?? "";
  if (step === 1) state.pods.set(uid, pod);
  else state.pods.delete(uid);
  state.room.podsPlaced = state.pods.size;
  for (const [resource, amount] of podRequests(pod.spec)) {
    addTo(state.requested, resource, step * amount);
  }
  const asked = podNonZeroRequests(pod.spec);
  state.room.askedCpu += step * (asked.get("cpu") ?? 0);
  state.room.askedMemory += step * (asked.get("memory") ?? 0);
  for (const key of hostPortKeys(pod.spec)) addTo(state.hostPorts, key, step);
}

function isSamePlacement(
  entry: { readonly pod: Pod; readonly nodeName: string; readonly living: boolean },
  pod: Pod,
  nodeName: string,
  living: boolean,
): boolean {
  if (entry.nodeName !== nodeName || entry.living !== living) return false;
  return sameLabels(entry.pod, pod) && controllerUid(entry.pod) === controllerUid(pod);
}

function sameLabels(a: Node | Pod, b: Node | Pod): boolean {
  const before = a.metadata.labels ?? {};
  const after = b.metadata.labels ?? {};
  if (before === after) return true;
  const keys = Object.keys(before);
  return (
    keys.length === Object.keys(after).length && keys.every((key) => before[key] === after[key])
  );
}

// Who may talk to whom under a set of NetworkPolicies (networking.k8s.io/v1): a packet passes when the source's egress and
// the destination's ingress both allow it; a pod no policy selects for a direction allows everything in that direction.
//
// Not modelled, as the API leaves it open: traffic between a pod and its own node (always allowed), and the address a
// packet carries after a load balancer. Policies do not apply to pods on the host network; as peers they are addresses.

import type { AddressRange } from "../../core/index.ts";
import { parseCidr, parseRange, rangeContains, rangesOverlap } from "../../core/index.ts";
import type { LabelSelector } from "../label-selector.ts";
import { labelRequirements, matchesLabels } from "../label-selector.ts";
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  PolicyDirection,
} from "./network-policy.ts";
import type { PortSet } from "./port-set.ts";
import { ALL_PORTS, intersectPorts, NO_PORTS, portRange, unitePorts } from "./port-set.ts";

type Labels = Readonly<Record<string, string>>;

export interface NetworkPod {
  readonly namespace: string;
  readonly labels: Labels;
  /** Container ports that policies may call by name. */
  readonly namedPorts: readonly {
    readonly name: string;
    readonly port: number;
    readonly protocol: "TCP" | "UDP" | "SCTP";
  }[];
  readonly hostNetwork?: boolean;
  /** Where its address may be: an address or a range. An ipBlock that touches it matches; without it none does. */
  readonly address?: string;
}

export type NetworkParty =
  | { readonly kind: "pod"; readonly pod: NetworkPod }
  /** One address outside, or a range no ipBlock cuts. */
  | { readonly kind: "address"; readonly address: string };

export interface NetworkPolicyModel {
  /** Namespace → its labels. `kubernetes.io/metadata.name` is added as the API server does. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly policies: readonly NetworkPolicy[];
}

export interface NetworkPolicyEvaluator {
  /** Ports of the destination the source may use. */
  allowed(from: NetworkParty, to: NetworkParty): PortSet;
  /** Policies that select the pod for a direction; none means everything is allowed. */
  selecting(pod: NetworkPod, direction: PolicyDirection): readonly NetworkPolicy[];
}

/** The model with its text read once. */
interface Prepared extends NetworkPolicyModel {
  readonly rangeOf: (text: string) => AddressRange | undefined;
}

export function createNetworkPolicyEvaluator(input: NetworkPolicyModel): NetworkPolicyEvaluator {
  const model: Prepared = { ...input, rangeOf: rememberedRanges() };
  const selected = cachedSelection(model);
  const allows = (direction: PolicyDirection, self: NetworkParty, peer: NetworkParty): PortSet => {
    if (self.kind === "address" || self.pod.hostNetwork === true) return ALL_PORTS;
    const policies = selected(self.pod, direction);
    if (policies.length === 0) return ALL_PORTS;
    const destination = direction === "Ingress" ? self : peer;
    return policies.reduce<PortSet>((ports, policy) => {
      const rules = direction === "Ingress" ? policy.ingress : policy.egress;
      return rules.reduce((sum, rule) => {
        if (sum === ALL_PORTS || !matchesRule(rule, peer, policy.namespace, model)) return sum;
        return unitePorts(sum, portsOf(rule.ports, destination));
      }, ports);
    }, NO_PORTS);
  };
  return {
    selecting: selected,
    allowed(from, to) {
      if (isSamePod(from, to)) return ALL_PORTS;
      const egress = allows("Egress", from, to);
      return egress === NO_PORTS ? NO_PORTS : intersectPorts(egress, allows("Ingress", to, from));
    },
  };
}

function isSamePod(from: NetworkParty, to: NetworkParty): boolean {
  return from.kind === "pod" && to.kind === "pod" && from.pod === to.pod;
}

function cachedSelection(
  model: NetworkPolicyModel,
): (pod: NetworkPod, direction: PolicyDirection) => readonly NetworkPolicy[] {
  const cache = new Map<NetworkPod, readonly NetworkPolicy[]>();
  return (pod, direction) => {
    const all = cache.get(pod) ?? model.policies.filter((policy) => selects(policy, pod));
    cache.set(pod, all);
    return all.filter(({ directions }) => directions.includes(direction));
  };
}

function selects({ namespace, podSelector }: NetworkPolicy, pod: NetworkPod): boolean {
  return namespace === pod.namespace && matches(podSelector, pod.labels);
}

function matches(selector: LabelSelector, labels: Labels): boolean {
  return matchesLabels(labelRequirements(selector), labels);
}

function matchesRule(
  { peers = [] }: NetworkPolicyRule,
  party: NetworkParty,
  policyNamespace: string,
  model: Prepared,
): boolean {
  return (
    peers.length === 0 || peers.some((peer) => matchesPeer(peer, party, policyNamespace, model))
  );
}

function matchesPeer(
  { ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer,
  party: NetworkParty,
  policyNamespace: string,
  model: Prepared,
): boolean {
  const address = party.kind === "address" ? party.address : party.pod.address;
  if (ipBlock !== undefined) return address !== undefined && isInBlock(address, ipBlock, model);
  if (party.kind === "address" || party.pod.hostNetwork === true) return false;
  const { namespace, labels } = party.pod;
  const inNamespace =
    namespaceSelector === undefined
      ? namespace === policyNamespace
      : matches(namespaceSelector, namespaceLabels(namespace, model));
  return inNamespace && (podSelector === undefined || matches(podSelector, labels));
}

function namespaceLabels(name: string, { namespaces }: NetworkPolicyModel): Labels {
  return { ...namespaces.get(name), "kubernetes.io/metadata.name": name };
}

/** A range counts as inside when any of it is: what a pod's address may turn out to be. */
function isInBlock(
  address: string,
  { cidr, except = [] }: NonNullable<NetworkPolicyPeer["ipBlock"]>,
  { rangeOf }: Prepared,
): boolean {
  const range = rangeOf(address);
  const block = rangeOf(cidr);
  if (range === undefined || block === undefined || !rangesOverlap(block, range)) return false;
  const holes = except.map(rangeOf).filter((hole) => hole !== undefined);
  return !holes.some((hole) => rangeContains(hole, range));
}

function rememberedRanges(): Prepared["rangeOf"] {
  const known = new Map<string, AddressRange | undefined>();
  return (text) => {
    if (!known.has(text)) known.set(text, parseCidr(text) ?? parseRange(text));
    return known.get(text);
  };
}

function portsOf(ports: readonly NetworkPolicyPort[] = [], to: NetworkParty): PortSet {
  if (ports.length === 0) return ALL_PORTS;
  return ports.map((port) => portsOfEntry(port, to)).reduce(unitePorts, NO_PORTS);
}

function portsOfEntry(
  { protocol = "TCP", port, endPort }: NetworkPolicyPort,
  to: NetworkParty,
): PortSet {
  if (typeof port !== "string") return portRange(protocol, port, endPort ?? port);
  // A name means whatever the destination's containers call so; an address has no containers.
  const named = to.kind === "pod" ? to.pod.namedPorts : [];
  return named
    .filter((candidate) => candidate.name === port && candidate.protocol === protocol)
    .map((candidate) => portRange(protocol, candidate.port))
    .reduce(unitePorts, NO_PORTS);
}

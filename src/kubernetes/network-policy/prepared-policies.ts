// Policies with their selectors and ranges read once, because every rule meets many parties.

import type { AddressRange } from "../../core/index.ts";
import { parseCidr, parseRange, rangeContains, rangesOverlap } from "../../core/index.ts";
import type { LabelRequirements, LabelSelector } from "../label-selector.ts";
import { labelRequirements, matchesLabels } from "../label-selector.ts";
import type { NetworkParty, NetworkPod, NetworkPolicyModel } from "./network-model.ts";
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  PolicyDirection,
} from "./network-policy.ts";
import type { PortSet } from "./port-set.ts";
import { ALL_PORTS, NO_PORTS, portRange, unitePorts } from "./port-set.ts";

export interface PreparedPolicy {
  readonly policy: NetworkPolicy;
  readonly pods: LabelRequirements;
  readonly ingress: readonly PreparedRule[];
  readonly egress: readonly PreparedRule[];
}

export interface PreparedRule {
  /** Empty: everyone. */
  readonly peers: readonly PreparedPeer[];
  readonly ports: readonly NetworkPolicyPort[];
}

export type PreparedPeer =
  | { readonly kind: "block"; readonly covers: (address: string) => boolean }
  | {
      readonly kind: "pods";
      /** The same function for the same selector. */
      readonly inNamespace: (namespace: string) => boolean;
      /** Undefined: all of the namespace. */
      readonly pods: LabelRequirements | undefined;
    };

export function preparePolicies(model: NetworkPolicyModel): PreparedPolicy[] {
  const readers = { rangeOf: rememberedRanges(), inNamespaces: rememberedNamespaces(model) };
  return model.policies.map((policy) => {
    const prepare = ({ peers = [], ports = [] }: NetworkPolicyRule): PreparedRule => ({
      peers: peers.map((peer) => preparePeer(peer, policy.namespace, readers)),
      ports,
    });
    return {
      policy,
      pods: labelRequirements(policy.podSelector),
      ingress: policy.ingress.map(prepare),
      egress: policy.egress.map(prepare),
    };
  });
}

export function rulesOf(
  policy: PreparedPolicy,
  direction: PolicyDirection,
): readonly PreparedRule[] {
  return direction === "Ingress" ? policy.ingress : policy.egress;
}

function preparePeer(
  { ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer,
  policyNamespace: string,
  { rangeOf, inNamespaces }: { readonly rangeOf: RangeOf; readonly inNamespaces: NamespaceTest },
): PreparedPeer {
  if (ipBlock !== undefined) return { kind: "block", covers: blockMatcher(ipBlock, rangeOf) };
  return {
    kind: "pods",
    inNamespace: inNamespaces(
      namespaceSelector ?? { matchLabels: { [NAMESPACE_NAME]: policyNamespace } },
    ),
    pods: podSelector && labelRequirements(podSelector),
  };
}

export function matchesPeer(peer: PreparedPeer, party: NetworkParty): boolean {
  if (peer.kind === "block") {
    const address = addressOf(party);
    return address !== undefined && peer.covers(address);
  }
  if (party.kind === "address" || party.pod.hostNetwork === true) return false;
  const { namespace, labels } = party.pod;
  return (
    peer.inNamespace(namespace) && (peer.pods === undefined || matchesLabels(peer.pods, labels))
  );
}

export function addressOf(party: NetworkParty): string | undefined {
  return party.kind === "address" ? party.address : party.pod.address;
}

type NamespaceTest = (selector: LabelSelector) => (namespace: string) => boolean;

/** The same few selectors stand in many policies; each meets every namespace once. */
function rememberedNamespaces({ namespaces }: NetworkPolicyModel): NamespaceTest {
  const tests = new Map<string, (namespace: string) => boolean>();
  return (selector) => {
    const key = JSON.stringify(selector);
    const test = tests.get(key) ?? namespaceTest(labelRequirements(selector), namespaces);
    tests.set(key, test);
    return test;
  };
}

function namespaceTest(
  requirements: LabelRequirements,
  namespaces: NetworkPolicyModel["namespaces"],
): (namespace: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const labels = { ...namespaces.get(name), [NAMESPACE_NAME]: name };
    const found = matchesLabels(requirements, labels);
    known.set(name, found);
    return found;
  };
}

/** Set by every cluster (Kubernetes 1.22 and later). */
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** A range counts as inside when any of it is: what a pod's address may turn out to be. */
function blockMatcher(
  { cidr, except = [] }: NonNullable<NetworkPolicyPeer["ipBlock"]>,
  rangeOf: RangeOf,
): (address: string) => boolean {
  const block = rangeOf(cidr);
  const holes = except.map(rangeOf).filter((hole) => hole !== undefined);
  return (address) => {
    const range = rangeOf(address);
    if (range === undefined || block === undefined || !rangesOverlap(block, range)) return false;
    return !holes.some((hole) => rangeContains(hole, range));
  };
}

type RangeOf = (text: string) => AddressRange | undefined;

function rememberedRanges(): RangeOf {
  const known = new Map<string, AddressRange | undefined>();
  return (text) => {
    if (!known.has(text)) known.set(text, parseCidr(text) ?? parseRange(text));
    return known.get(text);
  };
}

/** Which policies select a pod, by direction. */
export type Selection = (pod: NetworkPod, direction: PolicyDirection) => readonly PreparedPolicy[];

export function rememberedSelection(policies: readonly PreparedPolicy[]): Selection {
  const known = new WeakMap<NetworkPod, Record<PolicyDirection, readonly PreparedPolicy[]>>();
  return (pod, direction) => {
    const found = known.get(pod) ?? selectPolicies(policies, pod);
    known.set(pod, found);
    return found[direction];
  };
}

function selectPolicies(
  policies: readonly PreparedPolicy[],
  { namespace, labels }: NetworkPod,
): Record<PolicyDirection, readonly PreparedPolicy[]> {
  const selecting = policies.filter(
    ({ policy, pods }) => policy.namespace === namespace && matchesLabels(pods, labels),
  );
  const inDirection = (direction: PolicyDirection): PreparedPolicy[] =>
    selecting.filter(({ policy }) => policy.directions.includes(direction));
  return { Ingress: inDirection("Ingress"), Egress: inDirection("Egress") };
}

/** Ports of the destination a rule opens. */
export function portsOf(ports: readonly NetworkPolicyPort[] = [], to: NetworkParty): PortSet {
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

// The evaluator's answers for every pair of a known set of parties, without asking every rule about every party: a rule
// names few namespaces, so only their pods are looked at.

import { groupBy } from "../../core/index.ts";
import { matchesLabels } from "../label-selector.ts";
import { isSamePod } from "./evaluator.ts";
import type { NetworkParty, NetworkPolicyModel } from "./network-model.ts";
import type { PolicyDirection } from "./network-policy.ts";
import type { PortSet } from "./port-set.ts";
import { ALL_PORTS, intersectPorts, NO_PORTS, unitePorts } from "./port-set.ts";
import type { PreparedPeer, PreparedRule } from "./prepared-policies.ts";
import {
  addressOf,
  portsOf,
  preparePolicies,
  rememberedSelection,
  rulesOf,
} from "./prepared-policies.ts";

export interface Reachability {
  /** Both from the set it was made for. */
  allowed(from: NetworkParty, to: NetworkParty): PortSet;
  /** No policy selects the pod for this direction. */
  isOpen(party: NetworkParty, direction: PolicyDirection): boolean;
}

/** Ports by the other party; undefined where no policy applies. */
type Row = ReadonlyMap<NetworkParty, PortSet> | undefined;

export function createReachability(
  model: NetworkPolicyModel,
  parties: readonly NetworkParty[],
): Reachability {
  const selected = rememberedSelection(preparePolicies(model));
  const membersOf = memberFinder(parties);
  const rowOf = (self: NetworkParty, direction: PolicyDirection): Row => {
    if (self.kind === "address" || self.pod.hostNetwork === true) return undefined;
    const policies = selected(self.pod, direction);
    if (policies.length === 0) return undefined;
    const row = new Map<NetworkParty, PortSet>();
    for (const rule of policies.flatMap((policy) => rulesOf(policy, direction))) {
      for (const peer of membersOf(rule)) {
        const ports = portsOf(rule.ports, direction === "Ingress" ? self : peer);
        row.set(peer, unitePorts(row.get(peer) ?? NO_PORTS, ports));
      }
    }
    return row;
  };
  const rows = (direction: PolicyDirection): ReadonlyMap<NetworkParty, Row> =>
    new Map(parties.map((party) => [party, rowOf(party, direction)]));
  const [egress, ingress] = [rows("Egress"), rows("Ingress")];
  return {
    isOpen: (party, direction) =>
      (direction === "Egress" ? egress : ingress).get(party) === undefined,
    allowed(from, to) {
      if (isSamePod(from, to)) return ALL_PORTS;
      const out = portsIn(egress.get(from), to);
      return out === NO_PORTS ? NO_PORTS : intersectPorts(out, portsIn(ingress.get(to), from));
    },
  };
}

function portsIn(row: Row, other: NetworkParty): PortSet {
  return row === undefined ? ALL_PORTS : (row.get(other) ?? NO_PORTS);
}

/** The parties a rule speaks of. */
function memberFinder(
  parties: readonly NetworkParty[],
): (rule: PreparedRule) => Iterable<NetworkParty> {
  const placed = parties.filter((party) => party.kind === "pod" && party.pod.hostNetwork !== true);
  const byNamespace = groupBy(placed, (party) => (party.kind === "pod" ? party.pod.namespace : ""));
  const byAddress = groupBy(parties, addressOf);
  const bySelector = new Map<(namespace: string) => boolean, NetworkParty[]>();
  const membersOfNamespaces = (inNamespace: (namespace: string) => boolean): NetworkParty[] => {
    const known = bySelector.get(inNamespace);
    if (known !== undefined) return known;
    const chosen = [...byNamespace].filter(([namespace]) => inNamespace(namespace));
    const members = chosen.flatMap(([, some]) => some);
    bySelector.set(inNamespace, members);
    return members;
  };
  const membersOfPeer = (peer: PreparedPeer): NetworkParty[] => {
    if (peer.kind === "block") {
      return [...byAddress].flatMap(([address, members]) =>
        address !== undefined && peer.covers(address) ? members : [],
      );
    }
    const { pods } = peer;
    return membersOfNamespaces(peer.inNamespace).filter((member) => hasLabels(member, pods));
  };
  return ({ peers }) => (peers.length === 0 ? parties : new Set(peers.flatMap(membersOfPeer)));
}

function hasLabels(
  party: NetworkParty,
  requirements: Parameters<typeof matchesLabels>[0] | undefined,
): boolean {
  if (party.kind === "address") return false;
  return requirements === undefined || matchesLabels(requirements, party.pod.labels);
}

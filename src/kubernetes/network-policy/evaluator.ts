// Who may talk to whom under a set of NetworkPolicies (networking.k8s.io/v1): a packet passes when the source's egress and
// the destination's ingress both allow it; a pod no policy selects for a direction allows everything in that direction.
//
// Not modelled, as the API leaves it open: traffic between a pod and its own node (always allowed), and the address a
// packet carries after a load balancer. Policies do not apply to pods on the host network; as peers they are addresses.

import type { NetworkParty, NetworkPod, NetworkPolicyModel } from "./network-model.ts";
import type { NetworkPolicy, PolicyDirection } from "./network-policy.ts";
import type { PortSet } from "./port-set.ts";
import { ALL_PORTS, intersectPorts, NO_PORTS, unitePorts } from "./port-set.ts";
import type { PreparedRule } from "./prepared-policies.ts";
import {
  matchesPeer,
  portsOf,
  preparePolicies,
  rememberedSelection,
  rulesOf,
} from "./prepared-policies.ts";

export interface NetworkPolicyEvaluator {
  /** Ports of the destination the source may use. */
  allowed(from: NetworkParty, to: NetworkParty): PortSet;
  /** Policies that select the pod for a direction; none means everything is allowed. */
  selecting(pod: NetworkPod, direction: PolicyDirection): readonly NetworkPolicy[];
}

export function createNetworkPolicyEvaluator(model: NetworkPolicyModel): NetworkPolicyEvaluator {
  const selected = rememberedSelection(preparePolicies(model));
  const allows = (direction: PolicyDirection, self: NetworkParty, peer: NetworkParty): PortSet => {
    if (self.kind === "address" || self.pod.hostNetwork === true) return ALL_PORTS;
    const own = selected(self.pod, direction);
    if (own.length === 0) return ALL_PORTS;
    const destination = direction === "Ingress" ? self : peer;
    return own
      .flatMap((policy) => rulesOf(policy, direction))
      .filter((rule) => matchesRule(rule, peer))
      .map((rule) => portsOf(rule.ports, destination))
      .reduce(unitePorts, NO_PORTS);
  };
  return {
    selecting: (pod, direction) => selected(pod, direction).map(({ policy }) => policy),
    allowed(from, to) {
      if (isSamePod(from, to)) return ALL_PORTS;
      const egress = allows("Egress", from, to);
      return egress === NO_PORTS ? NO_PORTS : intersectPorts(egress, allows("Ingress", to, from));
    },
  };
}

function matchesRule({ peers }: PreparedRule, party: NetworkParty): boolean {
  return peers.length === 0 || peers.some((peer) => matchesPeer(peer, party));
}

/** Whatever the policies say, a pod reaches itself. */
export function isSamePod(from: NetworkParty, to: NetworkParty): boolean {
  return from.kind === "pod" && to.kind === "pod" && from.pod === to.pod;
}

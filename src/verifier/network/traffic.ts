// Compares what the policies allow with what the flows want, for every pair of parties of one cluster.

import type { PortSet } from "../../kubernetes/index.ts";
import {
  createReachability,
  NO_PORTS,
  isEmptyPorts,
  networkPolicyOf,
  subtractPorts,
} from "../../kubernetes/index.ts";
import { textsOf } from "../pod-template.ts";
import type { TargetView } from "../target-view.ts";
import type { ExpectedTraffic } from "./expected.ts";
import { expectedTraffic } from "./expected.ts";
import type { Party, PodParty } from "./parties.ts";
import { addressParties, podParties } from "./parties.ts";

export interface Difference {
  readonly from: Party;
  readonly to: Party;
  /** Wanted by a flow and refused by the policies. */
  readonly blocked: PortSet;
  /** Let through by the policies and in no flow. */
  readonly undeclared: PortSet;
}

export interface Traffic {
  readonly expected: ExpectedTraffic;
  readonly differences: readonly Difference[];
  /** Governed pods that no policy selects for a direction: nothing restricts them. */
  readonly unrestricted: readonly {
    readonly pod: PodParty;
    readonly direction: "Ingress" | "Egress";
  }[];
  /** Ordered pairs of different pods that may not talk at all. */
  readonly deniedPairs: number;
}

const known = new WeakMap<TargetView, Traffic>();

/** Computed once for each cluster: the check and the proof both read it. */
export function trafficOf(view: TargetView): Traffic {
  const found = known.get(view) ?? computeTraffic(view);
  known.set(view, found);
  return found;
}

function computeTraffic(view: TargetView): Traffic {
  const { cluster, graph } = view;
  const policies = [
    ...view.ofKind("NetworkPolicy").map(({ object }) => networkPolicyOf(object)),
    ...view.objects.flatMap(({ policy }) => policy ?? []),
  ];
  const namespaces = new Map(
    view
      .ofKind("Namespace")
      .map(({ object }) => [object.metadata.name, textsOf(object.metadata.labels)]),
  );
  const pods = podParties(graph.workloads, cluster);
  const parties = [...pods, ...addressParties(policies, graph.flows, cluster)];
  const reachability = createReachability(
    { namespaces, policies },
    parties.map(({ party }) => party),
  );
  const expected = expectedTraffic(graph.flows, parties, cluster, graph.workload);
  const differences: Difference[] = [];
  let deniedPairs = 0;
  for (const from of parties) {
    for (const to of parties) {
      if (from === to || !(isGoverned(from) || isGoverned(to))) continue;
      const actual = reachability.allowed(from.party, to.party);
      const wanted = expected.ports(from, to);
      if (isEmptyPorts(actual) && from.kind === "pod" && to.kind === "pod") deniedPairs += 1;
      if (actual === NO_PORTS && wanted === NO_PORTS) continue;
      const blocked = subtractPorts(wanted, actual);
      const undeclared = subtractPorts(actual, wanted);
      if (isEmptyPorts(blocked) && isEmptyPorts(undeclared)) continue;
      differences.push({ from, to, blocked, undeclared });
    }
  }
  const unrestricted = pods
    .filter(isGoverned)
    .flatMap((pod) =>
      (["Ingress", "Egress"] as const)
        .filter((direction) => reachability.isOpen(pod.party, direction))
        .map((direction) => ({ pod, direction })),
    );
  return { expected, differences, unrestricted, deniedPairs };
}

function isGoverned(party: Party): party is PodParty {
  return party.kind === "pod" && party.governed;
}

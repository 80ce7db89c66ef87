// The network policies must allow exactly the flows of the graph: one flow less breaks the platform, one more is a hole.

import type { Diagnostic, Path } from "../../core/index.ts";
import { defineDiagnostic, groupBy } from "../../core/index.ts";
import { formatPorts, isEmptyPorts } from "../../kubernetes/index.ts";
import { isProvided } from "../../model/index.ts";
import type { Party } from "../network/parties.ts";
import type { Difference, Traffic } from "../network/traffic.ts";
import { trafficOf } from "../network/traffic.ts";
import type { Check } from "../target-view.ts";

export const blockedFlow = defineDiagnostic<{ from: string; to: string; ports: string }>({
  code: "verify/blocked-flow",
  severity: "error",
  message: ({ from, to, ports }) => `the network policies refuse ${from} → ${to} on ${ports}`,
});

export const undeclaredFlow = defineDiagnostic<{ from: string; to: string; ports: string }>({
  code: "verify/undeclared-flow",
  severity: "error",
  message: ({ from, to, ports }) =>
    `the network policies allow ${from} → ${to} on ${ports}, which nobody asked for`,
});

export const unrestrictedPods = defineDiagnostic<{ pods: string; direction: string }>({
  code: "verify/unrestricted-pods",
  severity: "error",
  message: ({ pods, direction }) => `no network policy restricts the ${direction} of ${pods}`,
});

export const openNetwork = defineDiagnostic<{ cluster: string }>({
  code: "verify/open-network",
  severity: "warning",
  message: ({ cluster }) =>
    `everybody may talk to everybody on ${cluster}: nothing fills the slot isolation`,
  hint: () => "remove isolation: null",
});

export const voidPolicies = defineDiagnostic<{ cluster: string; substrate: string }>({
  code: "verify/void-policies",
  severity: "error",
  message: ({ cluster, substrate }) =>
    `network policies have no effect on ${cluster}: ${substrate} does not enforce them as set up`,
  hint: () =>
    "choose a network plugin that enforces them in the cluster's options, or fill the slot cni",
});

export const checkNetworkFlows: Check = function* (view) {
  const { substrate, name, target } = view.cluster;
  // One finding in place of one for every pod.
  if (!isProvided(view.cluster, "isolation")) {
    yield openNetwork(["isolation"], { cluster: target });
    return;
  }
  if (!isProvided(view.cluster, "networkPolicy") && view.ofKind("NetworkPolicy").length > 0) {
    yield voidPolicies(["clusters", name], { cluster: name, substrate: substrate.displayName });
  }
  const traffic = trafficOf(view);
  const open = new Set(traffic.unrestricted.map(({ pod }) => pod.name));
  for (const { pod, direction } of traffic.unrestricted) {
    yield unrestrictedPods(pathOf(pod), { pods: pod.name, direction: direction.toLowerCase() });
  }
  // Everything is open for a pod without policies; once is enough to say so.
  const telling = traffic.differences.filter(
    ({ from, to }) => !open.has(from.name) && !open.has(to.name),
  );
  yield* undeclared(telling);
  yield* blocked(telling, traffic);
};

function* blocked(differences: readonly Difference[], { expected }: Traffic): Iterable<Diagnostic> {
  for (const { from, to, blocked: ports } of differences) {
    if (isEmptyPorts(ports)) continue;
    const origin = expected.flows(from, to)[0]?.origin ?? pathOf(to);
    yield blockedFlow(origin, { from: from.name, to: to.name, ports: formatPorts(ports) });
  }
}

/** Outside addresses are told together: a hole towards the internet is one hole, however many regions it has. */
function* undeclared(differences: readonly Difference[]): Iterable<Diagnostic> {
  const holes = differences.filter((difference) => !isEmptyPorts(difference.undeclared));
  const groups = groupBy(holes, ({ from, to, undeclared: ports }) =>
    JSON.stringify([groupName(from), groupName(to), formatPorts(ports)]),
  );
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    const { from, to } = first;
    const path = to.kind === "pod" && to.governed ? pathOf(to) : pathOf(from);
    const more = others.length === 0 ? "" : ` and ${others.length} more ranges`;
    const name = (party: Party): string =>
      party.kind === "address" ? party.name + more : party.name;
    const ports = formatPorts(first.undeclared);
    yield undeclaredFlow(path, { from: name(from), to: name(to), ports });
  }
}

function groupName(party: Party): string {
  return party.kind === "address" ? "" : party.name;
}

function pathOf(party: Party): Path {
  return party.kind === "pod" ? (party.workload?.origin ?? []) : [];
}

// The network policies must allow exactly the flows of the graph: one flow less breaks the platform, one more is a hole.

import type { Diagnostic, Path } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { formatPorts, isEmptyPorts } from "../../kubernetes/index.ts";
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

export const voidPolicies = defineDiagnostic<{ cluster: string; substrate: string }>({
  code: "verify/void-policies",
  severity: "error",
  message: ({ cluster, substrate }) =>
    `network policies have no effect on ${cluster}: ${substrate} does not enforce them as set up`,
  hint: () => "choose a network plugin that enforces them in the cluster's options",
});

export const checkNetworkFlows: Check = function* (view) {
  const { substrate, name } = view.cluster;
  if (!substrate.enforcesNetworkPolicy && view.ofKind("NetworkPolicy").length > 0) {
    yield voidPolicies(["clusters", name], { cluster: name, substrate: substrate.displayName });
  }
  const traffic = trafficOf(view);
  const open = new Set(traffic.unrestricted.map(({ pod }) => pod.name));
  for (const { pod, direction } of traffic.unrestricted) {
    yield unrestrictedPods(pathOf(pod), { pods: pod.name, direction: direction.toLowerCase() });
  }
  for (const difference of traffic.differences) {
    // Everything is open for a pod without policies; once is enough to say so.
    if (open.has(difference.from.name) || open.has(difference.to.name)) continue;
    yield* findings(difference, traffic);
  }
};

function* findings(
  { from, to, blocked, undeclared }: Difference,
  { expected }: Traffic,
): Iterable<Diagnostic> {
  const names = { from: from.name, to: to.name };
  if (!isEmptyPorts(blocked)) {
    const origin = expected.flows(from, to)[0]?.origin;
    yield blockedFlow(origin ?? pathOf(to), { ...names, ports: formatPorts(blocked) });
  }
  if (isEmptyPorts(undeclared)) return;
  const path = to.kind === "pod" && to.governed ? pathOf(to) : pathOf(from);
  yield undeclaredFlow(path, { ...names, ports: formatPorts(undeclared) });
}

function pathOf(party: Party): Path {
  return party.kind === "pod" ? (party.workload?.origin ?? []) : [];
}

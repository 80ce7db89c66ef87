// Which layers of a compiled target reach which: what the network policies let through and the mesh does not refuse, decided from
// the objects themselves. From outside a layer is entered where a Service leads to it.

import { meshDecider } from "../../src/components/index.ts";
import { nthAddress, parseCidr } from "../../src/core/index.ts";
import {
  createNetworkPolicyEvaluator,
  hasPort,
  networkPolicyOf,
  type NetworkParty,
} from "../../src/kubernetes/index.ts";
import type { CompiledTarget, MeshDecision, Workload } from "../../src/model/index.ts";

/** `metrics`: nothing but the path that is scraped. */
export type Reach = "yes" | "metrics" | "no";

/** Layer → namespaces; `internet` is an address. */
export type Layers = Readonly<Record<string, readonly string[]>>;

export function layerMatrix(target: CompiledTarget, layers: Layers): string[] {
  const reach = reachIn(target);
  const parties = (layer: string): readonly (Workload | "internet")[] =>
    layer === "internet"
      ? ["internet"]
      : target.cluster.workloads.filter(({ namespace }) => layers[layer]?.includes(namespace));
  const names = Object.keys(layers);
  return names.flatMap((from) =>
    names
      .filter((to) => to !== from && to !== "internet")
      .map((to) => {
        const found = parties(from).flatMap((source) =>
          parties(to).map((destination) => reach(source, destination as Workload)),
        );
        const best = (["yes", "metrics", "no"] as const).find((one) => found.includes(one));
        return `${from} → ${to}: ${best}`;
      }),
  );
}

function reachIn({ cluster, objects }: CompiledTarget) {
  const all = objects.map(({ object }) => object);
  const evaluator = createNetworkPolicyEvaluator({
    namespaces: new Map(
      all
        .filter(({ kind }) => kind === "Namespace")
        .map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
    ),
    policies: all.filter(({ kind }) => kind === "NetworkPolicy").map(networkPolicyOf),
  });
  const decide = meshDecider(cluster, all);
  const pods = parseCidr(cluster.network.podRange);
  const address = (pods && nthAddress(pods, 9)) ?? "";
  const partyOf = (party: Workload | "internet"): NetworkParty => {
    if (party === "internet") return { kind: "address", address: "203.0.113.9" };
    const { namespace, labels, ports } = party;
    return { kind: "pod", pod: { namespace, labels, namedPorts: ports, address } };
  };
  const decision = (
    from: Workload | "internet",
    to: Workload,
    port: number,
    path: string,
  ): MeshDecision => {
    if (to.mesh === undefined || to.mesh.native === true || decide === undefined)
      return { allowed: true };
    const isMember = from !== "internet" && from.mesh !== undefined;
    const { namespace, serviceAccount } = from as Workload;
    return decide({
      ...(isMember && { identity: { namespace, serviceAccount } }),
      address,
      to: { namespace: to.namespace, labels: to.labels },
      port,
      http: { method: "GET", path },
    });
  };
  return (from: Workload | "internet", to: Workload): Reach => {
    const allowed = evaluator.allowed(partyOf(from), partyOf(to));
    const open = to.ports.filter(
      ({ port, protocol }) => protocol === "TCP" && hasPort(allowed, "TCP", port),
    );
    if (open.some(({ port }) => decision(from, to, port, "/").allowed)) return "yes";
    const { path = "/metrics" } = to.metrics ?? {};
    return open.some(({ port }) => decision(from, to, port, path).allowed) ? "metrics" : "no";
  };
}

// Flows of which more is known than their ends and port: the name of a party outside, the one request a collector makes. A network
// plugin with policies of its own (`namedPolicies`) takes these and narrows them; NetworkPolicy has no words for it. Policies are
// added up, so whoever narrows a direction has it alone.

import type { Endpoint, Flow, Graph, PlannedCluster, Workload } from "../../model/index.ts";
import { isProvided } from "../../model/index.ts";

export type Narrowing =
  /** A DNS name, with `*` for one label. */
  | { readonly by: "name"; readonly name: string }
  /** Any lookup: names have to be seen where they are looked up. */
  | { readonly by: "lookup" }
  | { readonly by: "request"; readonly method: string; readonly path: string };

type Direction = "Ingress" | "Egress";

/** Undefined where the portable policy says all there is to say. */
export function narrowingOf(
  flow: Flow,
  direction: Direction,
  cluster: Pick<PlannedCluster, "slots" | "providers" | "substrate">,
  graph: Graph,
): Narrowing | undefined {
  if (!isProvided(cluster, "namedPolicies")) return undefined;
  return direction === "Egress" ? outwards(flow) : inwards(flow, graph);
}

const HOST_NAME = /^(\*\.)?([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/;

function outwards({ to }: Flow): Narrowing | undefined {
  if (to.kind === "cluster-dns") return { by: "lookup" };
  const isNamed = to.kind === "external" && to.addresses.length === 0 && HOST_NAME.test(to.name);
  return isNamed ? { by: "name", name: to.name } : undefined;
}

/** What is encrypted on the way shows nobody its path. */
function inwards(flow: Flow, graph: Graph): Narrowing | undefined {
  const { from, to, purpose, encryption, port } = flow;
  if (purpose !== "scrape" || encryption !== "none" || to.kind !== "workload") return undefined;
  const workload = graph.workload(to.namespace, to.name);
  const { metrics, mesh } = workload ?? {};
  if (workload === undefined || metrics === undefined || metrics.port !== port) return undefined;
  if (metrics.scheme === "https" || mesh !== undefined) return undefined;
  if (from.kind !== "workload" || isOnNode(from, graph)) return undefined;
  if (isOpenAnyway(flow, from, workload, graph)) return undefined;
  return { by: "request", method: "GET", path: metrics.path };
}

/** Another flow opens the same port to the same pods, with any request. */
function isOpenAnyway(flow: Flow, from: Endpoint, to: Workload, graph: Graph): boolean {
  return graph
    .into(to)
    .filter((other) => other !== flow && other.port === flow.port)
    .some((other) => other.from.kind === "every-workload" || isSameEnd(other.from, from));
}

/** Such pods speak with their node's address. */
const isOnNode = (
  { namespace, name }: { namespace: string; name: string },
  graph: Graph,
): boolean => graph.workload(namespace, name)?.hostNetwork === true;

const isSameEnd = (a: Endpoint, b: Endpoint): boolean =>
  a.kind === "workload" &&
  b.kind === "workload" &&
  a.namespace === b.namespace &&
  a.name === b.name;

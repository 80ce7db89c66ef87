// Which workloads of a plan join a mesh: the apps, and what stands at the other end of their data and of the copies of it.
// Delivery, ingress, operators and collectors stay outside: they must work before a mesh does.

import type { Endpoint, PlannedCluster, Workload } from "../../model/index.ts";

type Cluster = Pick<PlannedCluster, "apps" | "flows" | "namespaces">;

/** Namespaces whose pods join; `exclude` is a person's word. */
export function joinedNamespaces(
  cluster: Cluster,
  exclude: readonly string[],
): ReadonlySet<string> {
  const apps = cluster.namespaces.filter(({ tenancy }) => tenancy === "app");
  const data = cluster.flows
    .filter(({ purpose }) => purpose === "data" || purpose === "backup")
    .flatMap(({ from, to }) => [from, to]);
  const bound = cluster.apps.flatMap(({ bindings }) =>
    bindings.map(({ binding }) => binding.endpoint),
  );
  const system = new Set(
    cluster.namespaces.filter(({ tenancy }) => tenancy === "system").map(({ name }) => name),
  );
  const names = [...apps.map(({ name }) => name), ...[...data, ...bound].flatMap(namespaceOf)];
  return new Set(names.filter((name) => !exclude.includes(name) && !system.has(name)));
}

function namespaceOf(end: Endpoint): string[] {
  return end.kind === "workload" ? [end.namespace] : [];
}

/** Pods on the node's network have no network of their own that a proxy could stand in front of. */
export function joins(workload: Workload, joined: ReadonlySet<string>): boolean {
  return joined.has(workload.namespace) && workload.hostNetwork !== true;
}

/** Namespaces that hold a member which joined by injection; sorted. */
export function meshedNamespaces({ workloads }: Pick<PlannedCluster, "workloads">): string[] {
  const names = workloads
    .filter(({ mesh }) => mesh !== undefined && mesh.native !== true)
    .map(({ namespace }) => namespace);
  return [...new Set(names)].toSorted();
}

/** The identity of a workload's pods, as SPIFFE has it without its scheme. */
export function principalOf({ namespace, serviceAccount }: Workload): string {
  return `cluster.local/ns/${namespace}/sa/${serviceAccount}`;
}

/** Members of the graph, sorted by namespace and name. */
export function membersOf({ workloads }: { readonly workloads: readonly Workload[] }): Workload[] {
  return workloads.filter(({ mesh }) => mesh !== undefined);
}

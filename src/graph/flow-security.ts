// Zero trust, flow by flow: by what each end knows the other, what allows the conversation, and what others could read of it.
// Nothing is assumed: where only its place in the network speaks for a caller, that is what stands there.

import { deepEqual, groupBy } from "../core/index.ts";
import type { Binding, Endpoint, Flow, Graph, PlannedCluster } from "../model/index.ts";
import { isProvided, SERVED_PLACES } from "../model/index.ts";

export interface SecuredFlow {
  readonly flow: Flow;
  /** Words for a person; empty where nothing but its address speaks for the caller. */
  readonly authentication: string;
  /** One or several; empty where everybody is let in. */
  readonly authorization: string;
  readonly encryption: Flow["encryption"];
}

/** In the order of the graph. */
export function securedFlows(cluster: PlannedCluster, graph: Graph): SecuredFlow[] {
  const meshed = isProvided(cluster, "meshAuthorization");
  const enforced = isProvided(cluster, "networkPolicy");
  return graph.flows.map((flow) => ({
    flow,
    authentication: authenticationOf(flow, cluster, graph),
    authorization: [
      ...(enforced ? ["network policy"] : []),
      ...(meshed && isMember(flow, graph) ? ["mesh policy by account"] : []),
      ...(flow.purpose === "api" ? ["RBAC"] : []),
      ...(flow.purpose === "data" ? ["grants of the server"] : []),
    ].join(", "),
    encryption: flow.encryption,
  }));
}

/** Of the caller; who is called is one as well where the flow is mutual TLS. */
function isMember({ from, encryption }: Flow, graph: Graph): boolean {
  if (encryption !== "mtls" || from.kind !== "workload") return false;
  return graph.workload(from.namespace, from.name)?.mesh !== undefined;
}

function authenticationOf(flow: Flow, cluster: PlannedCluster, graph: Graph): string {
  const { from, to, purpose, encryption } = flow;
  const account = from.kind === "workload" ? graph.workload(from.namespace, from.name) : undefined;
  const credentials = credentialsOf(flow, cluster);
  if (encryption === "mtls") {
    const of = account?.serviceAccount ?? "its account";
    const whose =
      account?.mesh === undefined ? `certificate of ${of}` : `mesh certificate of ${of}`;
    return joined([whose, credentials]);
  }
  if (credentials !== undefined) return credentials;
  if (to.kind === "api-server") return `token of account ${account?.serviceAccount ?? ""}`.trim();
  if (purpose === "webhook") return "certificate of the webhook";
  if (isServerOfSecrets(to, cluster)) return `token of account ${account?.serviceAccount ?? ""}`;
  if (encryption === "tls") return "certificate of the server";
  return "";
}

const joined = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(", ");

/** Of what the platform's databases, queues and the like ask of whoever reaches them. */
function credentialsOf({ from, to, port }: Flow, cluster: PlannedCluster): string | undefined {
  const isReached = (binding: Binding): boolean =>
    binding.port === port && deepEqual(binding.endpoint, to);
  const app =
    from.kind === "workload"
      ? cluster.apps.find(
          ({ name, namespace }) => name === from.name && namespace === from.namespace,
        )
      : undefined;
  const own = app?.bindings.map(({ binding }) => binding).filter(isReached) ?? [];
  if (app?.identity !== undefined && own.some(({ secrets }) => secrets.length === 0))
    return `identity ${app.identity}`;
  const served = SERVED_PLACES.flatMap((place) => cluster[place].map(({ binding }) => binding));
  const secrets = [...own, ...served.filter(isReached)].flatMap((binding) => binding.secrets);
  return secrets.length === 0 ? undefined : `secret ${[...new Set(secrets)].join(" or ")}`;
}

function isServerOfSecrets(to: Endpoint, { offers }: PlannedCluster): boolean {
  return offers.some(
    ({ capability, endpoint }) => capability === "secretValues" && deepEqual(endpoint, to),
  );
}

/** How many flows there are of each kind of assurance: `12 by mesh certificate`. */
export function securityCounts(flows: readonly SecuredFlow[]): {
  readonly authenticated: number;
  readonly authorized: number;
  readonly encrypted: number;
  readonly byPurpose: ReadonlyMap<string, readonly SecuredFlow[]>;
} {
  return {
    authenticated: flows.filter(({ authentication }) => authentication !== "").length,
    authorized: flows.filter(({ authorization }) => authorization !== "").length,
    encrypted: flows.filter(({ encryption }) => encryption !== "none").length,
    byPurpose: groupBy(
      flows.filter(({ authentication }) => authentication === ""),
      ({ flow }) => flow.purpose,
    ),
  };
}

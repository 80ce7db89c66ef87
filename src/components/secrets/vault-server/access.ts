// Who may read what: a policy for every namespace, of exactly the secrets it has copies of, and a role for every workload that
// the graph lets ask. Source: developer.hashicorp.com/vault/docs/{concepts/policies,auth/kubernetes}.

import type { Graph, PlannedCluster } from "../../../model/index.ts";
import type { Flavour } from "./flavour.ts";
import { isInjected } from "../../../model/index.ts";
import { snapshotName } from "./snapshot.ts";
import { FORM, MOUNT } from "./names.ts";

export interface AccessPolicy {
  readonly name: string;
  readonly rules: readonly { readonly path: string; readonly why: string }[];
}

export interface AccessRole {
  readonly name: string;
  readonly serviceAccount: string;
  readonly namespace: string;
  readonly policies: readonly string[];
}

export interface Access {
  /** Sorted by name. */
  readonly policies: readonly AccessPolicy[];
  readonly roles: readonly AccessRole[];
}

export function accessOf(
  flavour: Flavour,
  cluster: Pick<PlannedCluster, "secrets" | "namespaces" | "slots" | "apps">,
  graph: Graph,
): Access {
  const copied = cluster.secrets.filter(({ provider }) => !isInjected(cluster, provider));
  const reading = namespacePolicies({ ...cluster, secrets: copied });
  const names = reading.map(({ name }) => name);
  const job = snapshotName(flavour);
  const askers = graph.flows.flatMap(({ to, from, application }) => {
    const isHere = to.kind === "workload" && to.name === flavour.name;
    if (!isHere || application !== FORM || from.kind !== "workload") return [];
    return graph.workload(from.namespace, from.name) ?? [];
  });
  const apps = appPolicies(cluster);
  const roles = askers.map(({ name, namespace, serviceAccount }) => {
    const own = apps.find((policy) => policy.name === appPolicyName(name));
    const asking = cluster.apps.some((app) => app.name === name && app.namespace === namespace);
    const policies = name === job ? [job] : asking ? (own === undefined ? [] : [own.name]) : names;
    return { name, serviceAccount, namespace, policies };
  });
  const snapshots = askers.some(({ name }) => name === job)
    ? [{ name: job, rules: [{ path: "sys/storage/raft/snapshot", why: "copies of everything" }] }]
    : [];
  return { policies: [...apps, ...reading, ...snapshots], roles };
}

const appPolicyName = (app: string): string => `app-${app}`;

/** An app that signs in itself reads its own, and nothing else of its namespace. */
function appPolicies(cluster: Pick<PlannedCluster, "secrets" | "apps" | "slots">): AccessPolicy[] {
  const { secrets, apps } = cluster;
  return apps.flatMap(({ name }) => {
    const rules = secrets.flatMap(({ id, provider, storedAt }) =>
      isInjected(cluster, provider) && id.startsWith(`apps.${name}.`) && storedAt !== undefined
        ? [{ path: `${MOUNT}/data/${storedAt}`, why: id }]
        : [],
    );
    return rules.length === 0 ? [] : [{ name: appPolicyName(name), rules }];
  });
}

function namespacePolicies({
  secrets,
  namespaces,
}: Pick<PlannedCluster, "secrets" | "namespaces">): AccessPolicy[] {
  return namespaces.flatMap(({ name }) => {
    const rules = secrets.flatMap(({ id, storedAt, namespaces: copies }) =>
      storedAt === undefined || !copies.includes(name)
        ? []
        : [{ path: `${MOUNT}/data/${storedAt}`, why: id }],
    );
    return rules.length === 0 ? [] : [{ name: `read-${name}`, rules }];
  });
}

export function policyText({ rules }: AccessPolicy): string {
  return rules
    .map(({ path, why }) => `# ${why}\npath "${path}" {\n  capabilities = ["read"]\n}\n`)
    .join("\n");
}

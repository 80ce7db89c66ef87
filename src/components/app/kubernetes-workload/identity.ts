// An app that acts as an identity of the cloud: what its service account says, what its pods mount, and where its SDK turns the
// cluster's token into credentials. How clouds do it stands in the catalogue.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { EnvVar, Flow, PlannedApp, PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";

type Clouded = Pick<PlannedCluster, "substrate">;
type Facts = NonNullable<PlannedCluster["substrate"]["workloadIdentity"]>;

/** Undefined for an app without an identity. */
function factsOf({ substrate }: Clouded, { identity }: PlannedApp): Facts | undefined {
  return identity === undefined ? undefined : substrate.workloadIdentity;
}

export function withIdentity(
  account: KubernetesObject,
  cluster: Clouded,
  app: PlannedApp,
): KubernetesObject {
  const facts = factsOf(cluster, app);
  if (facts === undefined) return account;
  const annotations = { [facts.annotation]: app.identity ?? "" };
  return { ...account, metadata: { ...account.metadata, annotations } };
}

export interface IdentityParts {
  readonly env: readonly EnvVar[];
  readonly volumes: readonly Fields[];
  readonly mounts: readonly Fields[];
  readonly labels?: Readonly<Record<string, string>>;
}

export function identityParts(cluster: Clouded, app: PlannedApp): IdentityParts {
  const facts = factsOf(cluster, app);
  const labels = facts?.podLabels === undefined ? {} : { labels: facts.podLabels };
  if (facts?.token === undefined) return { env: [], volumes: [], mounts: [], ...labels };
  const { volume: name, mountPath, audience, expirationSeconds, ...variables } = facts.token;
  const path = "token";
  const source = { serviceAccountToken: { audience, expirationSeconds, path } };
  return {
    env: [
      { name: variables.nameVariable, value: app.identity ?? "" },
      { name: variables.fileVariable, value: `${mountPath}/${path}` },
    ],
    volumes: [{ name, projected: { sources: [source] } }],
    mounts: [{ name, mountPath, readOnly: true }],
    ...labels,
  };
}

export function identityFlow(
  cluster: Pick<PlannedCluster, "substrate" | "site">,
  app: PlannedApp,
): Flow[] {
  const facts = factsOf(cluster, app);
  if (facts === undefined) return [];
  const { host, port, tls, addresses } = facts.exchange;
  const { region } = cluster.site;
  const name =
    region === undefined ? host.replace("<region>.", "") : host.replace("<region>", region);
  return [
    {
      name: `${app.name}-to-identity`,
      from: { kind: "workload", namespace: app.namespace, name: app.name },
      to: { kind: "external", name, addresses },
      port,
      protocol: "TCP",
      purpose: "internal",
      application: tls ? "https" : "http",
      encryption: tls ? "tls" : "none",
      origin: [...app.origin, "identity"],
    },
  ];
}

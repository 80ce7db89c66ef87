// What the charts create with the values of `values.ts`. Sources: hashicorp/vault-helm 0.34 and openbao/openbao-helm 0.29,
// templates/{server-statefulset,server-service,server-headless-service,server-ha-active-service}.yaml, values.yaml.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  Offer,
  PlannedCluster,
  ResolveContext,
  SecretDemand,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import type { Flavour } from "./flavour.ts";
import {
  activeHost,
  API_PORT,
  AREA,
  CLUSTER_PORT,
  FORM,
  sealSecretOf,
  tlsSecretOf,
  TOKEN_KEY,
} from "./names.ts";
import type { VaultServerOptions } from "./options.ts";
import { snapshotSurface } from "./snapshot.ts";

/** The charts state none: ours, for small clusters, to be raised by what is measured. */
export const RESOURCES = {
  requests: { cpu: "250m", memory: "256Mi" },
  limits: { memory: "512Mi" },
} as const;

export function serverOffers(
  flavour: Flavour,
  _context: ResolveContext,
  { tls }: VaultServerOptions,
): Offer[] {
  const { name } = flavour;
  return [
    {
      capability: "secretValues",
      form: FORM,
      component: name,
      url: `${tls ? "https" : "http"}://${activeHost(flavour)}:${API_PORT}`,
      endpoint: { kind: "workload", namespace: name, name },
      port: API_PORT,
      ...(tls
        ? { authority: { secret: tlsSecretOf(flavour), namespace: name, key: "ca.crt" } }
        : {}),
    },
  ];
}

export function serverSurface(
  flavour: Flavour,
  context: SurfaceContext,
  options: VaultServerOptions,
): Surface {
  const { cluster, path } = context;
  const { name } = flavour;
  const server = serverWorkload(flavour, cluster, path, options);
  const snapshots = snapshotSurface(flavour, context, options);
  return {
    workloads: [server, ...(snapshots.workloads ?? [])],
    namespaces: [{ name, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [
      ...memberFlows(server, options),
      ...sealFlow(server, options),
      ...(snapshots.flows ?? []),
    ],
    secrets: [
      ...(options.tls ? [certificateDemand(flavour, cluster, path)] : []),
      ...(options.unseal?.kind === "transit" ? [tokenDemand(flavour, cluster, path)] : []),
    ],
    secretCopies: snapshots.secretCopies ?? [],
    alerts: [
      {
        name: `${flavour.displayName}Sealed`,
        expression: "min by (pod) (vault_core_unsealed) == 0",
        holds: "5m",
        severity: "critical",
        summary: "{{ $labels.pod }} is sealed: it answers nobody",
        runbook: "https://developer.hashicorp.com/vault/docs/concepts/seal",
        component: name,
        origin: path,
      },
    ],
  };
}

export function serverWorkload(
  { name, image }: Flavour,
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
  { replicas = 1, tls = true, storage }: VaultServerOptions,
): Workload {
  const api = { name: tls ? "https" : "http", port: API_PORT, targetPort: API_PORT };
  const members = { name: "https-internal", port: CLUSTER_PORT, targetPort: CLUSTER_PORT };
  return systemWorkload({
    kind: "StatefulSet",
    name,
    namespace: name,
    labels: {
      "app.kubernetes.io/name": name,
      "app.kubernetes.io/instance": name,
      component: "server",
    },
    replicas,
    volumes: [storage],
    ...(replicas > 1 ? { quorum: true as const } : {}),
    ports: { [api.name]: API_PORT, "https-internal": CLUSTER_PORT },
    services: [
      { name: `${name}-internal`, type: "Headless", ports: [api, members] },
      { name, type: "ClusterIP", ports: [api, members] },
      { name: `${name}-active`, type: "ClusterIP", ports: [api, members] },
    ],
    containers: [
      {
        name,
        image: `${image}:${versions.chart(name).appVersion.replace(/^v/, "")}`,
        ...RESOURCES,
      },
    ],
    // It asks the API whether tokens are real, and labels its own pods.
    usesApi: true,
    metrics: { port: API_PORT, path: "/v1/sys/metrics", ...(tls ? { scheme: "https" } : {}) },
    component: name,
    origin,
  });
}

function memberFlows(
  { namespace, name, origin, replicas }: Workload,
  { tls }: VaultServerOptions,
): Flow[] {
  if (replicas === 1) return [];
  const end = { kind: "workload", namespace, name } as const;
  const base = { from: end, to: end, protocol: "TCP", purpose: "internal", origin } as const;
  return [
    {
      ...base,
      name: `${name}-joins`,
      port: API_PORT,
      application: tls ? "https" : "http",
      encryption: tls ? "tls" : "none",
    },
    // Members encrypt what they tell each other with certificates of their own, whatever clients do.
    { ...base, name: `${name}-raft`, port: CLUSTER_PORT, application: "raft", encryption: "mtls" },
  ];
}

/** Clouds' endpoints change their addresses: the flow is to any address, at its port. */
function sealFlow({ namespace, name, origin }: Workload, { unseal }: VaultServerOptions): Flow[] {
  if (unseal === undefined) return [];
  const [host, port] = sealEndpoint(unseal);
  return [
    {
      name: `${name}-to-seal`,
      from: { kind: "workload", namespace, name },
      to: { kind: "external", name: host, addresses: [] },
      port,
      protocol: "TCP",
      purpose: "internal",
      application: "https",
      encryption: "tls",
      origin,
    },
  ];
}

function sealEndpoint(unseal: NonNullable<VaultServerOptions["unseal"]>): [string, number] {
  switch (unseal.kind) {
    case "aws-kms":
      return [`kms.${unseal.region}.amazonaws.com`, 443];
    case "gcp-kms":
      return ["cloudkms.googleapis.com", 443];
    case "azure-key-vault":
      return [`${unseal.vault}.vault.azure.net`, 443];
    case "transit": {
      const { hostname, port } = new URL(unseal.address);
      return [hostname, port === "" ? 443 : Number(port)];
    }
  }
}

function certificateDemand(
  flavour: Flavour,
  cluster: Pick<PlannedCluster, "slots">,
  origin: Path,
): SecretDemand {
  const { name } = flavour;
  const names = `${activeHost(flavour)}, ${name}.${name}.svc and *.${name}-internal`;
  return {
    ...firstSecret(cluster),
    id: `secrets.${name}.certificate`,
    name: tlsSecretOf(flavour),
    type: "Opaque",
    namespaces: [name],
    keys: [
      { key: "ca.crt", source: "person", description: "PEM certificate of who signed it" },
      { key: "tls.crt", source: "person", description: `PEM certificate chain for ${names}` },
      { key: "tls.key", source: "person", description: "PEM private key of that certificate" },
    ],
    area: AREA,
    origin,
  };
}

function tokenDemand(
  flavour: Flavour,
  cluster: Pick<PlannedCluster, "slots">,
  origin: Path,
): SecretDemand {
  const description = "token that may encrypt and decrypt with the unsealing key";
  return {
    ...firstSecret(cluster),
    id: `secrets.${flavour.name}.unsealing`,
    name: sealSecretOf(flavour),
    type: "Opaque",
    namespaces: [flavour.name],
    keys: [{ key: TOKEN_KEY, source: "person", description }],
    area: AREA,
    origin,
  };
}

/** Never out of itself. */
function firstSecret({ slots }: Pick<PlannedCluster, "slots">): { readonly provider?: string } {
  const provider = slots.find(({ provides }) => provides.includes("firstSecrets"))?.key;
  return provider === undefined ? {} : { provider };
}

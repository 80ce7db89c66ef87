// What the vault chart creates where only the injector is on. Source: hashicorp/vault-helm 0.34.1
// templates/injector-{deployment,service,mutating-webhook}.yaml, values.yaml.

import type { Path } from "../../../core/index.ts";
import type {
  AppSecret,
  Flow,
  Offer,
  PlannedApp,
  PlannedCluster,
  SecretDemand,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { flowToOffer } from "../../manifests/index.ts";
import type { VaultInjectorOptions } from "./options.ts";

export const CHART = "vault";
export const RELEASE = "vault-injector";
export const NAMESPACE = "vault-injector";
export const AREA = "infrastructure/security";
export const WORKLOAD = `${RELEASE}-agent-injector`;
export const PORT = 8080;
/** Of pods that ask for an agent: the webhook is called for no others, so nobody else waits for it. */
export const ASKS: Readonly<Record<string, string>> = { "keelson.dev/vault-agent": "true" };
export const AUTHORITY = "vault-authority";
export const AUTHORITY_KEY = "ca.crt";
/** Of chart 0.34.1. */
const INJECTOR_IMAGE = "docker.io/hashicorp/vault-k8s:1.7.6";

/** The chart states none. */
export const RESOURCES = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { memory: "128Mi" },
} as const;

/** The chart's defaults but for the request of 250m: an agent sleeps between two reads. */
export const AGENT = {
  requests: { cpu: "25m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "128Mi" },
} as const;

export const agentImage = ({ versions }: Pick<PlannedCluster, "versions">): string =>
  `docker.io/hashicorp/vault:${versions.chart(CHART).appVersion}`;

export const replicasOf = ({ scale }: Pick<PlannedCluster, "scale">): number =>
  scale === "single" ? 1 : 2;

/** The key this filler stands under in `secrets`. */
export function keyOf(path: Path): string {
  const last = path.at(-1);
  return typeof last === "string" ? last : RELEASE;
}

/** What an agent writes for an app. */
export function injectedSecrets({ secrets }: Pick<PlannedApp, "secrets">, path: Path): AppSecret[] {
  return secrets.filter(({ from, mount }) => from === keyOf(path) && mount === "file");
}

export function serverBeside(
  { address }: VaultInjectorOptions,
  offers: readonly Offer[],
): Offer | undefined {
  if (address !== undefined) return undefined;
  return offers.find(
    ({ capability, form }) => capability === "secretValues" && form === "vault-kv2",
  );
}

export function vaultInjectorSurface(
  { cluster, path }: SurfaceContext,
  options: VaultInjectorOptions,
): Surface {
  const asking = cluster.apps.filter((app) => injectedSecrets(app, path).length > 0);
  const beside = serverBeside(options, cluster.offers);
  return {
    workloads: [injectorWorkload(cluster, path)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: asking.map((app) => agentFlow(app, options, beside, path)),
    secrets:
      beside?.authority === undefined || asking.length === 0 ? [] : [authorityDemand(asking, path)],
  };
}

function injectorWorkload(cluster: Pick<PlannedCluster, "scale">, origin: Path): Workload {
  return {
    kind: "Deployment",
    name: WORKLOAD,
    namespace: NAMESPACE,
    labels: {
      "app.kubernetes.io/name": "vault-agent-injector",
      "app.kubernetes.io/instance": RELEASE,
      component: "webhook",
    },
    serviceAccount: WORKLOAD,
    replicas: replicasOf(cluster),
    ports: [{ name: "https", port: PORT, protocol: "TCP" }],
    services: [
      {
        name: `${WORKLOAD}-svc`,
        type: "ClusterIP",
        ports: [{ name: "https", port: 443, targetPort: PORT }],
      },
    ],
    containers: [{ name: "sidecar-injector", image: INJECTOR_IMAGE, ...RESOURCES }],
    usesApi: true,
    webhookPort: PORT,
    component: "vault-injector",
    origin,
  };
}

function agentFlow(
  app: PlannedApp,
  { address = "" }: VaultInjectorOptions,
  beside: Offer | undefined,
  origin: Path,
): Flow {
  if (beside !== undefined) {
    const flow = flowToOffer(app, beside, origin);
    return { ...flow, encryption: beside.authority === undefined ? "none" : "tls" };
  }
  const { hostname, port, protocol } = URL.canParse(address)
    ? new URL(address)
    : new URL("https://vault");
  const tls = protocol === "https:";
  return {
    name: `${app.name}-to-vault`,
    from: { kind: "workload", namespace: app.namespace, name: app.name },
    to: { kind: "external", name: hostname, addresses: [] },
    port: port === "" ? (tls ? 443 : 80) : Number(port),
    protocol: "TCP",
    purpose: "internal",
    application: tls ? "https" : "http",
    encryption: tls ? "tls" : "none",
    origin,
  };
}

/** The authority that signed the server's certificate, for agents; its key stays where it is. */
function authorityDemand(asking: readonly PlannedApp[], path: Path): SecretDemand {
  return {
    id: `secrets.${keyOf(path)}.authority`,
    name: AUTHORITY,
    type: "Opaque",
    namespaces: [...new Set(asking.map(({ namespace }) => namespace))].toSorted(),
    keys: [
      {
        key: AUTHORITY_KEY,
        source: "person",
        description: "certificate of the authority that signed Vault's, without its key",
      },
    ],
    area: AREA,
    origin: path,
  };
}

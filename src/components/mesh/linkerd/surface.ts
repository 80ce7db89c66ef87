// What the charts create with the values of `charts.ts`. Source: linkerd/linkerd2 edge-26.8.3 charts/linkerd-control-plane
// and charts/linkerd2-cni.

import type { Path } from "../../../core/index.ts";
import { isProvided } from "../../../model/index.ts";
import type {
  AuthorityDemand,
  Flow,
  OwnedField,
  PlannedCluster,
  SecretDemand,
  Surface,
  SurfaceContext,
  Workload,
  WorkloadContainer,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import type { LinkerdOptions } from "./options.ts";

export const COMPONENT = "linkerd";
export const AREA = "infrastructure/networking";
export const NAMESPACE = "linkerd";
/** Apart from the control plane, because its pods need the node. */
export const NODE_NAMESPACE = "linkerd-cni";
export const CHARTS = {
  crds: "linkerd-crds",
  control: "linkerd-control-plane",
  node: "linkerd2-cni",
} as const;
/** Proxies reach each other here, whatever port was asked for: proxy.outboundTransportMode `transport-header`. */
export const TUNNEL_PORT = 4143;
export const ISSUER_SECRET = "linkerd-identity-issuer";
export const INJECTOR = "linkerd-proxy-injector";
export const PROXY_IMAGE = "cr.l5d.io/linkerd/proxy";
const TRUST = { configMap: "linkerd-identity-trust-roots", key: "ca-bundle.crt" } as const;
const PORTS = { destination: 8086, policy: 8090, identity: 8080, webhook: 8443, policyHook: 9443 };
/** The chart's own, apart from the release: charts/linkerd2-cni/values.yaml image.version. */
const NODE_IMAGE = "cr.l5d.io/linkerd/cni-plugin:v1.7.0-alpha.1";

/** Requests and memory limits as values-ha.yaml of the chart has them; it limits no CPU. */
export const RESOURCES = {
  controller: {
    requests: { cpu: "100m", memory: "50Mi" },
    limits: { cpu: "1", memory: "250Mi" },
  },
  node: { requests: { cpu: "20m", memory: "32Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
} as const;

/** Three as values-ha.yaml has them. */
export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 3 : 1;
}

/** Absent where a person brings the root, or where nothing issues: which is a finding. */
export function authority(
  cluster: Parameters<typeof isProvided>[0],
  { trustAnchor }: LinkerdOptions,
  origin: Path,
): AuthorityDemand[] {
  if (trustAnchor !== undefined || !isProvided(cluster, "certificates")) return [];
  const commonName = `identity.${NAMESPACE}.cluster.local`;
  return [
    { secret: ISSUER_SECRET, namespace: NAMESPACE, commonName, trust: TRUST, area: AREA, origin },
  ];
}

export function linkerdSurface(
  { cluster, path }: SurfaceContext,
  options: LinkerdOptions,
): Surface {
  const control = controlPlane(cluster, options, path);
  const needsNode = "chained network plug-in and its configuration on the node";
  return {
    workloads: [...control, nodeAgent(path)],
    namespaces: [
      { name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path },
      {
        name: NODE_NAMESPACE,
        tenancy: "platform",
        podSecurity: "privileged",
        podSecurityReason: `Linkerd's node agent installs a ${needsNode}`,
        origin: path,
      },
    ],
    flows: [...control.flatMap((one) => proxyFlows(one, path)), policyHook(path)],
    secrets: issuerDemand(options, path),
    ownedFields: madeByChart(),
  };
}

type Cluster = Pick<PlannedCluster, "scale" | "versions">;

function imageOf({ versions }: Pick<Cluster, "versions">, name: string): string {
  return `cr.l5d.io/linkerd/${name}:${versions.chart(CHARTS.control).appVersion}`;
}

export function proxyContainer(
  cluster: Pick<Cluster, "versions">,
  { sidecar }: LinkerdOptions,
): WorkloadContainer {
  return { name: "linkerd-proxy", image: imageOf(cluster, "proxy"), ...sidecar };
}

function controlPlane(cluster: Cluster, options: LinkerdOptions, origin: Path): Workload[] {
  const part = (
    role: string,
    containers: readonly string[],
    ports: Readonly<Record<string, number>>,
    services: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>,
    webhookPort?: number,
  ): Workload =>
    systemWorkload({
      name: `linkerd-${role}`,
      namespace: NAMESPACE,
      labels: { "linkerd.io/control-plane-component": role },
      replicas: replicasOf(cluster),
      ports: { ...ports, "linkerd-proxy": TUNNEL_PORT, "linkerd-admin": 4191 },
      services: Object.entries(services).map(([name, list]) => ({
        name,
        type: "ClusterIP",
        ports: Object.entries(list).map(([port, [number, targetPort]]) => ({
          name: port,
          port: number,
          targetPort,
        })),
      })),
      containers: [
        ...containers.map((name) => ({
          name,
          image: imageOf(cluster, "controller"),
          ...RESOURCES.controller,
        })),
        proxyContainer(cluster, options),
      ],
      usesApi: true,
      ...(webhookPort === undefined ? {} : { webhookPort }),
      release: CHARTS.control,
      component: COMPONENT,
      origin,
    });
  const { destination, policy, identity, webhook, policyHook: hook } = PORTS;
  return [
    part(
      "destination",
      ["destination", "sp-validator", "policy"],
      {
        "dest-grpc": destination,
        "sp-validator": webhook,
        "policy-grpc": policy,
        "policy-https": hook,
      },
      {
        "linkerd-dst": { grpc: [destination, destination] },
        "linkerd-policy": { grpc: [policy, policy] },
        "linkerd-sp-validator": { "sp-validator": [443, webhook] },
        "linkerd-policy-validator": { "policy-https": [443, hook] },
      },
      webhook,
    ),
    part(
      "identity",
      ["identity"],
      { "ident-grpc": identity },
      { "linkerd-identity": { grpc: [identity, identity] } },
    ),
    part(
      "proxy-injector",
      ["proxy-injector"],
      { "proxy-injector": webhook },
      { "linkerd-proxy-injector": { "proxy-injector": [443, webhook] } },
      webhook,
    ),
  ];
}

/** Sets up a pod's network in its place, so that no pod needs the right to. */
function nodeAgent(origin: Path): Workload {
  return systemWorkload({
    kind: "DaemonSet",
    name: "linkerd-cni",
    namespace: NODE_NAMESPACE,
    labels: { "k8s-app": "linkerd-cni" },
    ports: {},
    containers: [{ name: "install-cni", image: NODE_IMAGE, ...RESOURCES.node }],
    usesApi: true,
    release: CHARTS.node,
    component: COMPONENT,
    origin,
  });
}

const part = (role: string) =>
  ({ kind: "workload", namespace: NAMESPACE, name: `linkerd-${role}` }) as const;

/** Every proxy asks who it is, where others are and who may call. */
export function proxyFlows(
  { namespace, name }: Pick<Workload, "namespace" | "name">,
  origin: Path,
): Flow[] {
  const asked = [
    ["destination", part("destination"), PORTS.destination],
    ["policy", part("destination"), PORTS.policy],
    ["identity", part("identity"), PORTS.identity],
  ] as const;
  return asked
    .filter(([, to]) => to.namespace !== namespace || to.name !== name)
    .map(([what, to, port]) => ({
      name: `${name}-proxy-to-${what}`,
      from: { kind: "workload", namespace, name },
      to,
      port,
      protocol: "TCP",
      purpose: "internal",
      application: "grpc",
      encryption: "tls",
      origin,
    }));
}

/** The second webhook of the pod that has two. */
function policyHook(origin: Path): Flow {
  return {
    name: "api-server-to-linkerd-policy",
    from: { kind: "api-server" },
    to: part("destination"),
    port: PORTS.policyHook,
    protocol: "TCP",
    purpose: "webhook",
    application: "https",
    encryption: "tls",
    origin,
  };
}

function issuerDemand({ trustAnchor }: LinkerdOptions, origin: Path): SecretDemand[] {
  if (trustAnchor === undefined) return [];
  const person = (key: string, description: string) =>
    ({ key, source: "person", description }) as const;
  return [
    {
      id: "mesh.issuer",
      name: ISSUER_SECRET,
      type: "kubernetes.io/tls",
      namespaces: [NAMESPACE],
      keys: [
        person("ca.crt", "PEM certificate of the mesh's root, the same as trustAnchor"),
        person("tls.crt", "PEM certificate of the authority below it that signs identities"),
        person("tls.key", "PEM private key of that authority"),
      ],
      area: AREA,
      origin,
    },
  ];
}

const HOOKS = {
  "proxy-injector": "MutatingWebhookConfiguration",
  "sp-validator": "ValidatingWebhookConfiguration",
  "policy-validator": "ValidatingWebhookConfiguration",
} as const;

/** Every rendering of the chart makes new pairs for its webhooks; the first one stays. */
function madeByChart(): OwnedField[] {
  const pairs = Object.entries(HOOKS).flatMap(([name, kind]): OwnedField[] => [
    {
      apiVersion: "v1",
      kind: "Secret",
      namespace: NAMESPACE,
      name: `linkerd-${name}-k8s-tls`,
      field: ["data"],
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind,
      namespace: "",
      name: `linkerd-${name}-webhook-config`,
      field: ["webhooks", "*", "clientConfig", "caBundle"],
    },
  ]);
  const checksum = ["spec", "template", "metadata", "annotations", "checksum/config"];
  const restarts = ["linkerd-destination", "linkerd-proxy-injector"].map((name): OwnedField => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: NAMESPACE,
    name,
    field: checksum,
  }));
  return [...pairs, ...restarts];
}

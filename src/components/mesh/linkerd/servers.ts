// Who may call whom: nobody, but for the flows of the graph. A Server for each port of a member that somebody calls, the members
// among the callers by their service accounts, everybody else by the network it comes from. Source: policy.linkerd.io of
// linkerd/linkerd2 edge-26.8.3, policy-controller/k8s/index/src/inbound.

import { groupBy } from "../../../core/index.ts";
import { isSelf } from "../../../graph/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Flow, Graph, PlannedApp, PlannedCluster, Workload } from "../../../model/index.ts";
import { metadataOf, type Fields } from "../../manifests/index.ts";
import { isByRequest } from "./application.ts";

const GROUP = "policy.linkerd.io";
const ANYWHERE = ["0.0.0.0/0", "::/0"];

/** A member's port with the flows that end there. */
interface Port {
  readonly cluster: PlannedCluster;
  readonly workload: Workload;
  readonly number: number;
  readonly members: readonly Workload[];
  /** Callers without an identity. */
  readonly strangers: readonly Flow[];
}

export interface ServerObject {
  readonly object: KubernetesObject;
  readonly comment?: string;
}

export function serversOf(
  cluster: PlannedCluster,
  graph: Graph,
  workload: Workload,
): ServerObject[] {
  const flows = graph
    .into(workload)
    .filter(({ protocol, application }) => protocol === "TCP" && application !== "mesh tunnel");
  return [...groupBy(flows, ({ port }) => String(port))]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .flatMap(([number, alike]) => {
      const port: Port = {
        cluster,
        workload,
        number: Number(number),
        members: callersOf(alike, graph),
        strangers: alike.filter((flow) => isStranger(flow, graph)),
      };
      return [{ object: server(port, alike) }, ...allowances(port), ...limitOf(port)];
    });
}

/** Peers may meet before they know each other, so that they count as strangers as well. */
function isStranger({ from, to }: Flow, graph: Graph): boolean {
  return isSelf(from, to) || memberAt(from, graph) === undefined;
}

function memberAt(end: Flow["from"], graph: Graph): Workload | undefined {
  const found = end.kind === "workload" ? graph.workload(end.namespace, end.name) : undefined;
  return found?.mesh === undefined ? undefined : found;
}

function callersOf(flows: readonly Flow[], graph: Graph): Workload[] {
  const found = new Map<string, Workload>();
  for (const { from } of flows) {
    const member = memberAt(from, graph);
    if (member !== undefined) found.set(`${member.namespace}/${member.serviceAccount}`, member);
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
}

function server(port: Port, flows: readonly Flow[]): KubernetesObject {
  const opaque = !flows.every(({ application }) => isByRequest(application));
  return {
    ...kind("Server", "v1beta3", port, ""),
    spec: {
      podSelector: { matchLabels: port.workload.labels },
      port: port.number,
      ...(opaque ? { proxyProtocol: "opaque" } : {}),
    },
  };
}

/** Of each pod, by its own proxy. */
function limitOf(port: Port): ServerObject[] {
  const perSecond = appOf(port)?.traffic?.rateLimit?.perSecond;
  if (perSecond === undefined) return [];
  const spec = {
    targetRef: { group: GROUP, kind: "Server", name: nameOf(port, "") },
    total: { requestsPerSecond: perSecond },
  };
  return [{ object: { ...kind("HTTPLocalRateLimitPolicy", "v1alpha1", port, ""), spec } }];
}

function kind(
  name: string,
  version: string,
  { cluster, workload, number }: Port,
  suffix: string,
): KubernetesObject {
  const metadata = metadataOf(cluster.platform, workload, `${workload.name}-${number}${suffix}`);
  return { apiVersion: `${GROUP}/${version}`, kind: name, metadata };
}

function allowances(port: Port): ServerObject[] {
  const { members, strangers } = port;
  const app = appOf(port);
  const scrape = port.workload.metrics?.path;
  const onlyScrapes =
    strangers.length > 0 && strangers.every(({ purpose }) => purpose === "scrape");
  const narrowed = onlyScrapes && app !== undefined && scrape !== undefined;
  const whole: Target = { kind: "Server", name: nameOf(port, "") };
  return [
    ...(narrowed ? narrow(port, app, scrape) : openTo(port, whole, "-networks")),
    ...(members.length === 0
      ? []
      : memberObjects(port, narrowed ? routeTarget(port, "-requests") : whole)),
  ];
}

const nameOf = ({ workload, number }: Port, suffix: string): string =>
  `${workload.name}-${number}${suffix}`;

interface Target {
  readonly kind: "Server" | "HTTPRoute";
  readonly name: string;
}

const routeTarget = (port: Port, suffix: string): Target => ({
  kind: "HTTPRoute",
  name: nameOf(port, suffix),
});

/** Whose paths the kubelet asks for are known of apps alone; with routes of its own a Server allows no probe by itself. */
function appOf({ cluster, workload, number }: Port): PlannedApp | undefined {
  return cluster.apps.find(
    (app) =>
      app.name === workload.name && app.namespace === workload.namespace && app.port === number,
  );
}

function memberObjects(port: Port, target: Target): ServerObject[] {
  const identityRefs = port.members.map(({ namespace, serviceAccount }) => ({
    kind: "ServiceAccount",
    name: serviceAccount,
    namespace,
  }));
  return [
    {
      object: {
        ...kind("MeshTLSAuthentication", "v1alpha1", port, "-members"),
        spec: { identityRefs },
      },
    },
    { object: allow(port, "-members", target, "MeshTLSAuthentication") },
  ];
}

function openTo(port: Port, target: Target, suffix: string): ServerObject[] {
  const { cluster, strangers, number } = port;
  if (strangers.length === 0) return [];
  const networks = strangers.flatMap(({ from }) => networksOf(from, cluster));
  const names = strangers.map(({ name }) => name).join(", ");
  const comment = `plain text is understood on ${number} for ${names}`;
  return [
    { object: networkAuthentication(port, suffix, networks) },
    { object: allow(port, suffix, target, "NetworkAuthentication"), comment },
  ];
}

function networkAuthentication(
  port: Port,
  suffix: string,
  networks: readonly string[],
): KubernetesObject {
  const unique = [...new Set(networks.includes(ANYWHERE[0] ?? "") ? ANYWHERE : networks)];
  return {
    ...kind("NetworkAuthentication", "v1alpha1", port, suffix),
    spec: { networks: unique.toSorted().map((cidr) => ({ cidr })) },
  };
}

/** Within them the network policies say who it may be. */
function networksOf(end: Flow["from"], { network, workloads }: PlannedCluster): readonly string[] {
  switch (end.kind) {
    case "workload": {
      const onNode = workloads.some(
        ({ namespace, name, hostNetwork }) =>
          namespace === end.namespace && name === end.name && hostNetwork === true,
      );
      return [onNode ? network.nodeRange : network.podRange];
    }
    case "every-workload":
    case "cluster-dns":
      return [network.podRange];
    case "api-server":
    case "nodes":
      return [network.nodeRange];
    case "external":
      return end.addresses.length === 0 ? ANYWHERE : end.addresses;
    case "internet":
      return ANYWHERE;
  }
}

function allow(
  port: Port,
  suffix: string,
  target: Target,
  authentication: "MeshTLSAuthentication" | "NetworkAuthentication",
): KubernetesObject {
  return {
    ...kind("AuthorizationPolicy", "v1alpha1", port, suffix),
    spec: {
      targetRef: { group: GROUP, ...target },
      requiredAuthenticationRefs: [
        { group: GROUP, kind: authentication, name: nameOf(port, suffix) },
      ],
    },
  };
}

/** Strangers get the metrics and the kubelet its probes; whatever else there is belongs to members. */
function narrow(port: Port, { health }: PlannedApp, scrape: string): ServerObject[] {
  const probes = health === undefined ? [] : [health.liveness, health.readiness];
  const exactly = (path: string) => ({ method: "GET", path: { type: "Exact", value: path } });
  return [
    { object: route(port, "-scrape", [exactly(scrape)]) },
    ...openTo(port, routeTarget(port, "-scrape"), "-scrape"),
    ...(probes.length === 0
      ? []
      : [
          { object: route(port, "-probes", [...new Set(probes)].map(exactly)) },
          // As the chart has it for probes of ports without routes: policyController.probeNetworks.
          { object: networkAuthentication(port, "-probes", ANYWHERE) },
          {
            object: allow(port, "-probes", routeTarget(port, "-probes"), "NetworkAuthentication"),
          },
        ]),
    ...(port.members.length === 0
      ? []
      : [{ object: route(port, "-requests", [{ path: { type: "PathPrefix", value: "/" } }]) }]),
  ];
}

function route(port: Port, suffix: string, matches: readonly Fields[]): KubernetesObject {
  return {
    ...kind("HTTPRoute", "v1beta3", port, suffix),
    spec: {
      parentRefs: [{ group: GROUP, kind: "Server", name: nameOf(port, "") }],
      rules: [{ matches }],
    },
  };
}

// Every finding about what a definition means on one cluster, with its wording.

import type { Path } from "../core/index.ts";
import { defineDiagnostic } from "../core/index.ts";

/** A component asks for an ability that nothing on the cluster has. */
export const missingCapability = defineDiagnostic<{
  component: string;
  capability: string;
  cluster: string;
  /** Written as a person would: `loadBalancer: metallb`. */
  fillers: readonly string[];
}>({
  code: "plan/missing-capability",
  severity: "error",
  message: ({ component, capability, cluster }) =>
    `${component} needs ${capability}, and nothing on ${cluster} provides it`,
  hint: ({ fillers }) =>
    fillers.length === 0 ? undefined : `add ${fillers.join(", or ")} to the definition`,
});

/** Mutual TLS between all workloads is promised, and nothing keeps the promise. */
export const mtlsWithoutMesh = defineDiagnostic<{
  cluster: string;
  fillers: readonly string[];
}>({
  code: "plan/mtls-without-mesh",
  severity: "error",
  message: ({ cluster }) =>
    `workloads on ${cluster} are to speak mutual TLS, and nothing there encrypts between them`,
  hint: ({ fillers }) => `add ${fillers.join(", or ")} to the definition, or drop traffic.mtls`,
});

/** Asked of requests to an app, and nobody on the way does it. */
export const trafficNotApplied = defineDiagnostic<{
  app: string;
  setting: string;
  cluster: string;
  fillers: readonly string[];
}>({
  code: "plan/traffic-not-applied",
  severity: "warning",
  message: ({ app, setting, cluster }) =>
    `${setting} of requests to ${app} has no effect: nothing on ${cluster} can do it`,
  hint: ({ fillers }) => (fillers.length === 0 ? undefined : `add ${fillers.join(", or ")}`),
});

/** A port of an app that nobody named. */
export const exposureNeedsPort = defineDiagnostic<{ app: string }>({
  code: "exposure/no-port",
  severity: "error",
  message: ({ app }) => `${app} is to be reached from outside, and listens nowhere`,
  hint: () => "add port: the port the container listens on",
});

/** A way in of its own that is not for somebody in particular. */
export const openToEverybody = defineDiagnostic<{ name: string }>({
  code: "exposure/open-to-everybody",
  severity: "warning",
  message: ({ name }) =>
    `${name} takes connections from anywhere, past everything the ingress does`,
  hint: () => "name the ranges that need it",
});

/** A limit that only the app itself can keep. */
export const limitLeftToApp = defineDiagnostic<{ app: string; variable: string }>({
  code: "exposure/limit-left-to-app",
  severity: "info",
  message: ({ app, variable }) =>
    `nothing in front of ${app} counts connections: it is told the limit as ${variable}, and has to keep it`,
});

/** Trouble on purpose in a place that people rely on, without an end. */
export const faultsWithoutEnd = defineDiagnostic<{ app: string }>({
  code: "plan/faults-without-end",
  severity: "error",
  message: ({ app }) => `faults are injected into ${app} in a highly available environment`,
  hint: () => 'move them to the override of a test environment, or say until: "2026-12-01"',
});

/** Something is asked for that no component of this registry serves. */
export const noProvider = defineDiagnostic<{ serves: string }>({
  code: "plan/no-provider",
  severity: "error",
  message: ({ serves }) => `nothing serves ${serves}`,
  hint: () => "remove it, or register a component that serves it",
});

/** Where a cluster's machines live is not known. */
export const missingNetwork = defineDiagnostic<{ cluster: string; site: string }>({
  code: "plan/missing-network",
  severity: "error",
  message: ({ cluster }) => `the range of ${cluster}'s machines is not known`,
  hint: ({ site }) => `add network: "10.0.0.0/16" (their real range) to the site ${site}`,
});

/** Two things want the same namespace, and only one of them may decide what runs there. */
export const contestedNamespace = defineDiagnostic<{
  namespace: string;
  tenancies: readonly string[];
  first: Path;
}>({
  code: "plan/contested-namespace",
  severity: "error",
  message: ({ namespace, tenancies }) =>
    `the namespace ${namespace} would belong to ${tenancies.join(" and ")} at once`,
  hint: () => "give the app another namespace",
  related: ({ first }) => [{ path: first, message: "the other one" }],
});

/** Two workloads of one name in one namespace. */
export const contestedWorkload = defineDiagnostic<{
  namespace: string;
  name: string;
  components: readonly string[];
  first: Path;
}>({
  code: "plan/contested-workload",
  severity: "error",
  message: ({ namespace, name, components }) =>
    `${components.join(" and ")} would both run ${name} in ${namespace}`,
  hint: () => "give one of them another name or namespace",
  related: ({ first }) => [{ path: first, message: "the other one" }],
});

/** One address, two answers. */
export const contestedRoute = defineDiagnostic<{ hostname: string; prefix: string; first: Path }>({
  code: "plan/contested-route",
  severity: "error",
  message: ({ hostname, prefix }) => `${hostname}${prefix} is routed twice`,
  hint: () => "change the host or the paths of one route",
  related: ({ first }) => [{ path: first, message: "also routed here" }],
});

/** A route asks for something the chosen ingress does not do. */
export const unservedRoute = defineDiagnostic<{
  route: string;
  /** Completes "nothing on <cluster> …". */
  does: string;
  cluster: string;
  /** Written as a person would: `ingress: envoy-gateway`. */
  fillers: readonly string[];
}>({
  code: "plan/unserved-route",
  severity: "error",
  message: ({ route, does, cluster }) => `nothing on ${cluster} ${does}, and ${route} asks for it`,
  hint: ({ fillers }) =>
    fillers.length === 0 ? undefined : `use ${fillers.join(", or ")}, or leave it out`,
});

/** Certificates between the ingress and an app, and nobody who makes them. */
export const upstreamNeedsIssuer = defineDiagnostic<{
  route: string;
  cluster: string;
  fillers: readonly string[];
}>({
  code: "route/upstream-needs-issuer",
  severity: "error",
  message: ({ route, cluster }) =>
    `the ingress is to speak TLS to ${route}, and nothing on ${cluster} issues certificates for it`,
  hint: ({ fillers }) => `add ${fillers.join(", or ")} to the definition, or drop upstream`,
});

/** A port that only the ingress can speak to, and somebody else who has to. */
export const upstreamClosedToOthers = defineDiagnostic<{ app: string; who: string }>({
  code: "route/upstream-closed-to-others",
  severity: "error",
  message: ({ app, who }) =>
    `${app} takes only connections with the ingress's certificate on that port, and ${who} needs it, too`,
  hint: () =>
    'give the app a port beside the route\'s, write upstream: "tls" or "plain", or let a mesh encrypt everything',
});

/** An app with a name from outside, and nothing that lets requests in. */
export const routeWithoutIngress = defineDiagnostic<{
  route: string;
  cluster: string;
  fillers: readonly string[];
}>({
  code: "plan/route-without-ingress",
  severity: "warning",
  message: ({ route, cluster }) =>
    `nothing on ${cluster} lets requests in: nobody outside reaches ${route}, and no route is written`,
  hint: ({ fillers }) =>
    fillers.length === 0 ? undefined : `add ${fillers.join(", or ")}, or drop the route`,
});

/** Two owners of one Secret: each would overwrite the other. */
export const contestedSecret = defineDiagnostic<{
  namespace: string;
  name: string;
  ids: readonly string[];
  first: Path;
}>({
  code: "plan/contested-secret",
  severity: "error",
  message: ({ namespace, name, ids }) =>
    `the Secret ${name} in ${namespace} would have two owners: ${ids.join(" and ")}`,
  hint: () => "rename one of the two",
  related: ({ first }) => [{ path: first, message: "the other owner" }],
});

/** Several providers of secrets, and nobody said which. */
export const ambiguousSecretProvider = defineDiagnostic<{
  secret: string;
  providers: readonly string[];
}>({
  code: "plan/ambiguous-secret-provider",
  severity: "error",
  message: ({ secret, providers }) =>
    `${secret} could come from ${providers.join(" or ")}, and nothing says which`,
  hint: ({ providers }) => `add from: ${JSON.stringify(providers[0])}`,
});

/** Secrets are needed and nothing keeps them. */
export const missingSecretProvider = defineDiagnostic<{
  secret: string;
  fillers: readonly string[];
}>({
  code: "plan/missing-secret-provider",
  severity: "error",
  message: ({ secret }) => `${secret} is needed, and nothing provides secrets`,
  hint: ({ fillers }) =>
    fillers.length === 0 ? undefined : `add secrets with one of ${fillers.join(", ")}`,
});

/** An app that scales by signals where nothing reads them. */
export const signalsNeedScaler = defineDiagnostic<{ cluster: string; fillers: readonly string[] }>({
  code: "app/signals-need-scaler",
  severity: "error",
  message: ({ cluster }) =>
    `scaling by signals needs eventScaling, and nothing on ${cluster} provides it`,
  hint: ({ fillers }) => `add ${fillers.join(" or ")} to the definition, or drop signals`,
});

/** A signal that is a query, where nothing answers queries. */
export const signalsNeedMetrics = defineDiagnostic<{ cluster: string }>({
  code: "app/signals-need-metrics",
  severity: "error",
  message: ({ cluster }) =>
    `the signal is a query of metrics, and nothing on ${cluster} answers any`,
  hint: () => "fill the metrics slot, or drop the signal",
});

/** A signal from something the app itself is not given. */
export const signalNotNeeded = defineDiagnostic<{ intent: string; name: string }>({
  code: "app/signal-not-needed",
  severity: "error",
  message: ({ intent, name }) => `the signal reads ${intent} ${name}, which the app does not need`,
  hint: ({ name }) => `add "${name}" to the app's needs, or drop the signal`,
});

/** Two owners of the number of pods: who releases in two versions, and who scales by signals. */
export const signalsWithoutRolling = defineDiagnostic<{ release: string }>({
  code: "app/signals-without-rolling",
  severity: "error",
  message: ({ release }) => `scaling by signals is not written for a ${release} release yet`,
  hint: () => `write release: { kind: "rolling" }, or drop signals`,
});

/** A tag in the definition, and an engine that writes newer ones beside it. */
export const twoTagWriters = defineDiagnostic<{ app: string; image: string; first: Path }>({
  code: "app/two-tag-writers",
  severity: "error",
  message: ({ app, image }) =>
    `the definition writes the tag of ${app} (${image}), and updates lets the delivery engine write it too`,
  hint: () => "leave the version out of image (keelson.lock holds the first one), or drop updates",
  related: ({ first }) => [{ path: first, message: "written here" }],
});

/** Tags are to be written into git, and nothing does it. */
export const updatesNeedWriter = defineDiagnostic<{ cluster: string; fillers: readonly string[] }>({
  code: "app/updates-need-writer",
  severity: "error",
  message: ({ cluster }) => `nothing that delivers to ${cluster} writes new tags into git`,
  hint: ({ fillers }) =>
    `choose ${fillers.join(" or ")} with its option imageUpdates, or drop updates: whoever builds images writes the tag`,
});

/** Tags are written where a kustomization names them. */
export const updatesNeedKustomize = defineDiagnostic<{ packaging: string }>({
  code: "app/updates-need-kustomize",
  severity: "error",
  message: ({ packaging }) => `packaging ${packaging} has no place yet where an engine writes tags`,
  hint: () => 'write packaging: "kustomize", or drop updates',
});

/** Alerts that a component states and nobody judges. */
export const alertsWithoutOwner = defineDiagnostic<{
  component: string;
  names: readonly string[];
  cluster: string;
  fillers: readonly string[];
}>({
  code: "plan/alerts-without-owner",
  severity: "warning",
  message: ({ component, names, cluster }) =>
    `${component} states ${names.join(", ")}, and nothing on ${cluster} judges alerts: nobody will be told`,
  hint: ({ fillers }) =>
    fillers.length === 0 ? undefined : `add ${fillers.join(", or ")} to the definition`,
});

/** An app somebody needs that listens nowhere. */
export const notListening = defineDiagnostic<{ app: string }>({
  code: "plan/not-listening",
  severity: "error",
  message: ({ app }) => `${app} cannot be reached: it has no port`,
  hint: ({ app }) => `add port to apps.${app}`,
});

const RELEASES: Readonly<Record<string, string>> = {
  canary: "a canary",
  "blue-green": "a blue/green release",
};

/** A release in two versions that nothing on the cluster carries out. */
export const releaseNeedsController = defineDiagnostic<{
  release: "canary" | "blue-green";
  cluster: string;
  /** Written as a person would: `rollouts: argo-rollouts`. */
  fillers: readonly string[];
}>({
  code: "app/release-needs-controller",
  severity: "error",
  message: ({ release, cluster }) =>
    `${RELEASES[release]} needs progressiveDelivery, and nothing on ${cluster} provides it`,
  hint: ({ fillers }) => addOrRoll(fillers),
});

/** Shares of traffic where nothing splits traffic. */
export const releaseNeedsTrafficSplit = defineDiagnostic<{
  isRouted: boolean;
  /** Written as a person would: `ingress: nginx-gateway-fabric`. */
  fillers: readonly string[];
}>({
  code: "app/release-needs-traffic-split",
  severity: "error",
  message: ({ isRouted }) =>
    isRouted
      ? "a canary gets shares of the traffic, and neither ingress nor mesh splits traffic"
      : "a canary gets shares of the traffic, and the app has neither a route nor a mesh in front of it",
  hint: ({ fillers }) => addOrRoll(fillers),
});

/** A switch of traffic to an app that gets none. */
export const releaseNeedsPort = defineDiagnostic<{ release: "canary" | "blue-green" }>({
  code: "app/release-needs-port",
  severity: "error",
  message: ({ release }) =>
    `${RELEASES[release]} moves traffic from one version to the next, and the app has no port`,
  hint: () => `write release: { kind: "rolling" }`,
});

/** A judgement by figures nobody collects. */
export const analysisNeedsMetrics = defineDiagnostic<{ missing: "system" | "endpoint" }>({
  code: "app/analysis-needs-metrics",
  severity: "error",
  message: ({ missing }) =>
    missing === "system"
      ? "the analysis asks for error rate or latency, and nothing on the cluster answers queries of metrics"
      : "the analysis asks for error rate or latency, and the app states no path of metrics",
  hint: ({ missing }) =>
    missing === "system"
      ? 'fill the metrics slot, or judge by path: "/readyz"'
      : 'add metrics: "/metrics" to the app',
});

function addOrRoll(fillers: readonly string[]): string {
  const roll = `write release: { kind: "rolling" }`;
  return fillers.length === 0 ? roll : `add ${fillers.join(" or ")} to the definition, or ${roll}`;
}

/** An app acts as an identity of a cloud that does not believe this cluster. */
export const noWorkloadIdentity = defineDiagnostic<{ app: string; substrate: string }>({
  code: "plan/no-workload-identity",
  severity: "error",
  message: ({ app, substrate }) =>
    `${app} is to act as an identity of a cloud, and none believes the tokens of ${substrate}`,
  hint: () =>
    "name the identity in the overrides of environments on eks, gke or aks; elsewhere leave it out, and credentials are secrets",
});

/** The name of an identity is not one of the cluster's cloud. */
export const foreignIdentity = defineDiagnostic<{ identity: string; expected: string }>({
  code: "plan/foreign-identity",
  severity: "error",
  message: ({ identity }) => `${JSON.stringify(identity)} is no identity of this cluster's cloud`,
  hint: ({ expected }) => `write ${expected}`,
});

/** Something that writes files beside an app is to set variables, which are set before any file is there. */
export const injectedVariable = defineDiagnostic<{ app: string; secret: string; provider: string }>(
  {
    code: "plan/injected-variable",
    severity: "error",
    message: ({ app, secret, provider }) =>
      `secret ${secret} of ${app} is to be variables, and ${provider} writes files`,
    hint: () => 'add mount: "file", or name another provider in from',
  },
);

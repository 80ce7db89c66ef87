// Linkerd: small proxies beside every pod that encrypt, authorise and treat requests as the graph and the apps' traffic
// settings say.

import { deepEqual } from "../../../core/index.ts";
import type { KindRef, KubernetesObject } from "../../../kubernetes/index.ts";
import { defineSlotFiller, isProvided } from "../../../model/index.ts";
import type {
  EmitContext,
  Emission,
  InjectContext,
  Injection,
  ResolveContext,
  Workload,
} from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { joinedNamespaces, joins, meshedNamespaces, membersOf } from "../membership.ts";
import { linkerdCharts } from "./charts.ts";
import { decideByLinkerd } from "./decide.ts";
import { noTrustAnchor } from "./diagnostics.ts";
import { injectorConfigMap } from "./injector-configuration.ts";
import { linkerdSchema, type LinkerdOptions } from "./options.ts";
import { serversOf } from "./servers.ts";
import {
  AREA,
  CHARTS,
  authority,
  COMPONENT,
  linkerdSurface,
  NAMESPACE,
  NODE_NAMESPACE,
  proxyContainer,
  proxyFlows,
  TUNNEL_PORT,
} from "./surface.ts";
import { treatByLinkerd } from "./treat.ts";
import { linkerdTrust } from "./trust.ts";
import { breakerAnnotations, meshRouteNames, serviceRoutes } from "./traffic.ts";

const POLICY = "policy.linkerd.io";
const PROXIES_READ: readonly KindRef[] = [
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" },
  { apiVersion: `${POLICY}/v1beta3`, kind: "HTTPRoute" },
  { apiVersion: `${POLICY}/v1beta3`, kind: "Server" },
  { apiVersion: `${POLICY}/v1alpha1`, kind: "AuthorizationPolicy" },
  { apiVersion: `${POLICY}/v1alpha1`, kind: "MeshTLSAuthentication" },
  { apiVersion: `${POLICY}/v1alpha1`, kind: "NetworkAuthentication" },
  { apiVersion: `${POLICY}/v1alpha1`, kind: "HTTPLocalRateLimitPolicy" },
];

export const linkerdFiller = defineSlotFiller<LinkerdOptions>({
  name: COMPONENT,
  slot: "mesh",
  area: AREA,
  // Copies and faults of requests it does not know: outbound/index/http.rs refuses the filter, and has none that delays.
  provides: [
    "mtls",
    "meshAuthorization",
    "trafficSplit",
    "requestTimeouts",
    "requestRetries",
    "circuitBreaking",
    "requestRouting",
    "requestLimits",
  ],
  needs: ["gatewayApi"],
  splitsBy: "http-route",
  splitIn: (app) => ({ objects: meshRouteNames(app) }),
  options: linkerdSchema,
  resolve: checkTrust,
  authorities: ({ cluster, path }, options) => authority(cluster, options, path),
  surface: (context, options) => ({
    ...linkerdSurface(context, options),
    objects: [injectorConfigMap(context.cluster, options)],
  }),
  inject: injectProxy,
  injectors: [CHARTS.control],
  emit: emitLinkerd,
  proxyTrust: linkerdTrust,
  proxyContainer: "linkerd-proxy",
  proxiesRead: PROXIES_READ,
  decides: decideByLinkerd,
  treats: treatByLinkerd,
  // After what pods and namespaces are made of.
  decorateOrder: 200,
  decorate,
  apiGroups: ["policy.linkerd.io", "linkerd.io"],
  crds: async () => [(await import("./crds.facts.ts")).linkerdCrdFacts],
  behaviours: async () => (await import("./behaviour.ts")).behaviours,
  local: async () => {
    const { PROXY, VALIDATOR } = await import("./behaviour/inject.ts");
    const { sidecarPlaces } = await import("../local.ts");
    return sidecarPlaces("Linkerd's proxies", { proxy: PROXY, validator: VALIDATOR });
  },
});

function checkTrust(
  { cluster, path, report }: ResolveContext,
  options: LinkerdOptions,
): LinkerdOptions {
  if (options.trustAnchor === undefined && !isProvided(cluster, "certificates"))
    report(noTrustAnchor(path, { cluster: cluster.name }));
  return options;
}

function injectProxy(
  { cluster }: InjectContext,
  workload: Workload,
  options: LinkerdOptions,
): Injection | undefined {
  if (!joins(workload, joinedNamespaces(cluster, options.exclude))) return undefined;
  return {
    containers: [proxyContainer(cluster, options)],
    mesh: { tunnelPort: TUNNEL_PORT },
    flows: proxyFlows(workload, workload.origin),
  };
}

function emitLinkerd(context: EmitContext, options: LinkerdOptions): Emission {
  const { cluster, graph } = context;
  return {
    charts: linkerdCharts(context, options),
    objects: [
      ...membersOf(graph).flatMap((workload) =>
        serversOf(cluster, graph, workload).map(({ object, comment }) =>
          emitterFor(AREA, workload.origin)(object, comment),
        ),
      ),
      ...cluster.apps.flatMap((app) =>
        serviceRoutes(cluster, graph, app).map((object) =>
          emitterFor(`apps/${app.name}`, [...app.origin, "traffic"])(object),
        ),
      ),
    ],
  };
}

/** Namespaces ask for proxies by an annotation; Services say when a pod is left out for a while. */
function decorate(object: KubernetesObject, { cluster }: EmitContext): KubernetesObject {
  const { kind, metadata } = object;
  if (kind === "Namespace") {
    const asks = meshedNamespaces(cluster).includes(metadata.name);
    return withMetadata(object, {
      annotations: asks ? { "linkerd.io/inject": "enabled" } : {},
      labels: OWN_NAMESPACES[metadata.name] ?? {},
    });
  }
  if (kind !== "Service") return object;
  const app = cluster.apps.find(
    ({ name, namespace }) => name === metadata.name && namespace === metadata.namespace,
  );
  const annotations = app && breakerAnnotations(app);
  return annotations === undefined ? object : withMetadata(object, { annotations });
}

/** What the command line would set on them: templates/namespace.yaml of both charts. */
const OWN_NAMESPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [NAMESPACE]: {
    "linkerd.io/is-control-plane": "true",
    "linkerd.io/control-plane-ns": NAMESPACE,
    "config.linkerd.io/admission-webhooks": "disabled",
  },
  [NODE_NAMESPACE]: {
    "linkerd.io/cni-resource": "true",
    "config.linkerd.io/admission-webhooks": "disabled",
  },
};

type Added = Partial<Record<"labels" | "annotations", Readonly<Record<string, string>>>>;

function withMetadata(object: KubernetesObject, added: Added): KubernetesObject {
  const changed = Object.entries(added)
    .filter(([, values]) => Object.keys(values).length > 0)
    .map(([key, values]) => [key, { ...object.metadata[key as keyof Added], ...values }]);
  const metadata = { ...object.metadata, ...Object.fromEntries(changed) };
  return deepEqual(metadata, object.metadata) ? object : { ...object, metadata };
}

// Istio: proxies beside every pod (or on every node) that encrypt, authorise and treat requests as the graph and the apps'
// traffic settings say.

import { deepEqual } from "../../../core/index.ts";
import type { KindRef, KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  EmitContext,
  Emission,
  EmittedObject,
  InjectContext,
  Injection,
  Workload,
} from "../../../model/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { joinedNamespaces, joins, meshedNamespaces, membersOf } from "../membership.ts";
import { allowedCallers, denyByDefault } from "./authorization-policies.ts";
import { istioCharts } from "./charts.ts";
import { decideByIstio } from "./decide.ts";
import { serviceEntries, sidecarScope } from "./egress.ts";
import { injectorConfigMap } from "./injector-configuration.ts";
import { istioSchema, type IstioOptions } from "./options.ts";
import { portExceptions, strictByDefault } from "./peer-authentication.ts";
import { rateLimit } from "./rate-limit.ts";
import { AREA, COMPONENT, image, istioSurface, proxyFlows, TUNNEL_PORT } from "./surface.ts";
import { telemetry } from "./telemetry.ts";
import { treatByIstio } from "./treat.ts";
import { istioTrust } from "./trust.ts";
import { destinationRule, splitEntries, virtualService } from "./traffic.ts";

const OF_REQUESTS = [
  "requestTimeouts",
  "requestRetries",
  "circuitBreaking",
  "connectionLimits",
  "requestRouting",
  "requestMirroring",
  "faultInjection",
  "requestLimits",
  "trafficSplit",
];

const PROXIES_READ: readonly KindRef[] = [
  { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication" },
  { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy" },
  { apiVersion: "networking.istio.io/v1", kind: "VirtualService" },
  { apiVersion: "networking.istio.io/v1", kind: "DestinationRule" },
  { apiVersion: "networking.istio.io/v1alpha3", kind: "EnvoyFilter" },
  { apiVersion: "telemetry.istio.io/v1", kind: "Telemetry" },
];

export const istioFiller = defineSlotFiller<IstioOptions>({
  name: COMPONENT,
  slot: "mesh",
  area: AREA,
  provides: ["mtls", "meshAuthorization", "gatewayProxy", ...OF_REQUESTS],
  // A node's proxy looks at connections, not at requests.
  leavesOut: ({ mode }) => (mode === "ambient" ? OF_REQUESTS : []),
  splitsBy: "virtual-service",
  splitIn: (app) => ({ objects: [app.name], entries: splitEntries(app) }),
  options: istioSchema,
  surface: (context, options) => ({
    ...istioSurface(context, options),
    objects: [injectorConfigMap(context.cluster, options)],
  }),
  inject: injectProxy,
  injectors: ["istiod"],
  emit: emitIstio,
  proxyTrust: istioTrust,
  proxyContainer: "istio-proxy",
  proxiesRead: PROXIES_READ,
  decides: decideByIstio,
  // A node's proxy sees no requests, so that nothing says what becomes of them.
  treats: (objects, { mode }) => treatByIstio(mode === "ambient" ? [] : objects),
  // After what pods and namespaces are made of.
  decorateOrder: 200,
  decorate: joinNamespace,
  apiGroups: [
    "extensions.istio.io",
    "networking.istio.io",
    "security.istio.io",
    "telemetry.istio.io",
  ],
  crds: async () => [(await import("./crds.facts.ts")).istioCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
  local: async () => {
    const { PROXY, VALIDATOR } = await import("./behaviour/inject.ts");
    const { sidecarPlaces } = await import("../local.ts");
    return sidecarPlaces("Istio's proxies", { proxy: PROXY, validator: VALIDATOR });
  },
});

function injectProxy(
  { cluster }: InjectContext,
  workload: Workload,
  { mode, revision, exclude, sidecar }: IstioOptions,
): Injection | undefined {
  if (!joins(workload, joinedNamespaces(cluster, exclude))) return undefined;
  if (mode === "ambient") return { mesh: { tunnelPort: TUNNEL_PORT } };
  const proxy = { name: "istio-proxy", image: image(cluster.versions, "proxyv2"), ...sidecar };
  const flows = proxyFlows(cluster, workload, revision, workload.origin);
  return { containers: [proxy], mesh: {}, flows };
}

/** Namespaces ask for the proxy by a label. */
function joinNamespace(
  object: KubernetesObject,
  { cluster }: EmitContext,
  { mode, revision }: IstioOptions,
): KubernetesObject {
  if (object.kind !== "Namespace") return object;
  if (!meshedNamespaces(cluster).includes(object.metadata.name)) return object;
  const label =
    mode === "ambient" ? { "istio.io/dataplane-mode": "ambient" } : { "istio.io/rev": revision };
  const labels = { ...object.metadata.labels, ...label };
  if (deepEqual(labels, object.metadata.labels)) return object;
  return { ...object, metadata: { ...object.metadata, labels } };
}

function emitIstio(context: EmitContext, options: IstioOptions): Emission {
  const { cluster, graph, path } = context;
  const emitted = emitterFor(AREA, path);
  const told = telemetry(cluster, options);
  const members = membersOf(graph);
  return {
    charts: istioCharts(cluster, options, path),
    objects: [
      emitted(
        strictByDefault(cluster),
        "every port of every pod, but for the exceptions beside the pods",
      ),
      emitted(denyByDefault(cluster), "what no policy beside a workload allows is refused"),
      ...(told === undefined ? [] : [emitted(told)]),
      ...members.flatMap((workload) => memberObjects(context, workload, options)),
      ...(options.mode === "ambient"
        ? []
        : serviceEntries(cluster, graph, members).map(({ object, flow }) =>
            emitterFor(AREA, flow.origin)(object),
          )),
      ...appObjects(context, options),
    ],
  };
}

function memberObjects(
  { cluster, graph }: EmitContext,
  workload: Workload,
  { mode }: IstioOptions,
): EmittedObject[] {
  const emitted = emitterFor(AREA, workload.origin);
  const exceptions = portExceptions(cluster, graph, workload);
  const callers = allowedCallers(cluster, graph, workload, mode === "ambient" ? "tcp" : "http");
  const scoped = mode === "sidecar" && workload.mesh?.native !== true;
  return [
    ...(exceptions === undefined ? [] : [emitted(exceptions.object, exceptions.comment)]),
    ...(callers === undefined ? [] : [emitted(callers)]),
    ...(scoped ? [emitted(sidecarScope(cluster, graph, workload))] : []),
  ];
}

function appObjects({ cluster, graph }: EmitContext, { mode }: IstioOptions): EmittedObject[] {
  if (mode === "ambient") return [];
  return cluster.apps.flatMap((app) => {
    const emitted = emitterFor(`apps/${app.name}`, [...app.origin, "traffic"]);
    const objects = [
      virtualService(cluster, app),
      destinationRule(cluster, app),
      rateLimit(cluster, app, graph.workload(app.namespace, app.name)),
    ];
    return objects.flatMap((object) => (object === undefined ? [] : [emitted(object)]));
  });
}

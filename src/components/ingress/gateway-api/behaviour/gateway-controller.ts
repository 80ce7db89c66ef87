// Programs Gateways of its class: listeners with their attached routes, and the address of the data plane's Service.
// Mirrors the Gateway status of Gateway API v1.6.

import { deepEqual } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  Informer,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import { attach, parentsNaming } from "./attachment.ts";
import { conditionsOf } from "./conditions.ts";
import {
  GATEWAY,
  GATEWAY_CLASS,
  HTTP_ROUTE,
  NAMESPACE,
  SERVICE,
  type Gateway,
  type GatewayClass,
  type HttpRoute,
  type Listener,
} from "./resources.ts";

export interface GatewayImplementation {
  /** `spec.controllerName` of its GatewayClass. */
  readonly controllerName: string;
  /** Name of the Service in front of a gateway's data plane, in the gateway's namespace. */
  dataPlaneService(gateway: KubernetesObject): string;
}

interface Watched {
  readonly gateways: Informer;
  readonly classes: Informer;
  readonly routes: Informer;
  readonly services: Informer;
  readonly namespaces: Informer;
}

export function gatewayController(implementation: GatewayImplementation): ControllerFactory {
  return (context) => {
    const watched = watch(context);
    return {
      name: "gateway",
      setup(enqueue) {
        const all = (): void =>
          watched.gateways.list().forEach((gateway) => enqueue(keyOf(gateway)));
        watched.gateways.onChange((current) => current && enqueue(keyOf(current)));
        for (const informer of [
          watched.classes,
          watched.routes,
          watched.services,
          watched.namespaces,
        ])
          informer.onChange(all);
      },
      async reconcile(key) {
        const [namespace = "", name = ""] = key.split("/");
        const gateway = watched.gateways.get(name, namespace) as Gateway | undefined;
        if (gateway === undefined || !isOurs(gateway, watched, implementation)) return;
        await writeStatus(context, gateway, statusOf(context, gateway, watched, implementation));
      },
    };
  };
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;

function watch(context: ControllerContext): Watched {
  return {
    gateways: context.informer(GATEWAY),
    classes: context.informer(GATEWAY_CLASS),
    routes: context.informer(HTTP_ROUTE),
    services: context.informer(SERVICE),
    namespaces: context.informer(NAMESPACE),
  };
}

function isOurs(
  gateway: Gateway,
  { classes }: Watched,
  { controllerName }: GatewayImplementation,
): boolean {
  const found = classes.get(gateway.spec.gatewayClassName) as GatewayClass | undefined;
  return found?.spec.controllerName === controllerName;
}

function statusOf(
  context: ControllerContext,
  gateway: Gateway,
  watched: Watched,
  implementation: GatewayImplementation,
): Record<string, unknown> {
  const about = { generation: gateway.metadata.generation ?? 1, clock: context.clock };
  const addresses = addressesOf(
    watched.services.get(implementation.dataPlaneService(gateway), gateway.metadata.namespace),
  );
  const programmed = addresses.length > 0;
  const findings = [
    { type: "Accepted", holds: true, reason: "Accepted", message: "The Gateway is accepted" },
    programmed
      ? {
          type: "Programmed",
          holds: true,
          reason: "Programmed",
          message: "The Gateway is programmed",
        }
      : {
          type: "Programmed",
          holds: false,
          reason: "AddressNotAssigned",
          message: "The data plane's Service has no address yet",
        },
  ];
  return {
    conditions: conditionsOf(findings, gateway.status?.conditions ?? [], about),
    addresses,
    listeners: gateway.spec.listeners.map((listener) =>
      listenerStatus(listener, gateway, watched, about),
    ),
  };
}

/** The load balancer's addresses; a Service of another type answers on its cluster address. */
function addressesOf(
  service: KubernetesObject | undefined,
): { readonly type: string; readonly value: string }[] {
  const status = service?.["status"] as
    | { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
    | undefined;
  const spec = service?.["spec"] as { type?: string; clusterIP?: string } | undefined;
  const ingress = status?.loadBalancer?.ingress ?? [];
  const given = ingress.flatMap(({ ip, hostname }) => {
    if (ip !== undefined) return { type: "IPAddress", value: ip };
    return hostname === undefined ? [] : { type: "Hostname", value: hostname };
  });
  if (given.length > 0 || spec?.type === "LoadBalancer" || spec?.clusterIP === undefined)
    return given;
  return [{ type: "IPAddress", value: spec.clusterIP }];
}

function listenerStatus(
  listener: Listener,
  gateway: Gateway,
  watched: Watched,
  about: Parameters<typeof conditionsOf>[2],
): Record<string, unknown> {
  const known = (gateway.status?.listeners ?? []) as readonly {
    name: string;
    conditions?: never[];
  }[];
  const findings = [
    { type: "Accepted", holds: true, reason: "Accepted", message: "The listener is accepted" },
    {
      type: "Programmed",
      holds: true,
      reason: "Programmed",
      message: "The listener is programmed",
    },
    {
      type: "ResolvedRefs",
      holds: true,
      reason: "ResolvedRefs",
      message: "All references are resolved",
    },
    { type: "Conflicted", holds: false, reason: "NoConflicts", message: "No conflicts" },
  ];
  return {
    name: listener.name,
    supportedKinds: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }],
    attachedRoutes: attachedRoutes(listener, gateway, watched),
    conditions: conditionsOf(
      findings,
      known.find(({ name }) => name === listener.name)?.conditions ?? [],
      about,
    ),
  };
}

function attachedRoutes(
  listener: Listener,
  gateway: Gateway,
  { routes, namespaces }: Watched,
): number {
  const attached = (routes.list() as readonly HttpRoute[]).filter((route) =>
    parentsNaming(route, gateway).some(
      (parent) => attach(route, parent, gateway, listener, namespaces) === "Accepted",
    ),
  );
  return attached.length;
}

async function writeStatus(
  { api }: ControllerContext,
  gateway: Gateway,
  status: Record<string, unknown>,
): Promise<void> {
  if (deepEqual(gateway.status, status)) return;
  const { name, namespace } = gateway.metadata;
  await api.patch(
    { ...GATEWAY, name, namespace },
    { type: "merge", body: { status } },
    { subresource: "status" },
  );
}

// Tells each HTTPRoute whether its gateways took it and whether its backends exist.
// Mirrors the RouteParentStatus of Gateway API v1.6.

import { deepEqual } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  Informer,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import { attach, parentsNaming, type Attachment } from "./attachment.ts";
import { conditionsOf, type Finding } from "./conditions.ts";
import type { GatewayImplementation } from "./gateway-controller.ts";
import {
  GATEWAY,
  GATEWAY_CLASS,
  HTTP_ROUTE,
  NAMESPACE,
  SERVICE,
  type Gateway,
  type GatewayClass,
  type HttpRoute,
  type ParentRef,
  type RouteParentStatus,
} from "./resources.ts";

export function httpRouteController({ controllerName }: GatewayImplementation): ControllerFactory {
  return (context) => {
    const routes = context.informer(HTTP_ROUTE);
    const gateways = context.informer(GATEWAY);
    const classes = context.informer(GATEWAY_CLASS);
    const services = context.informer(SERVICE);
    const namespaces = context.informer(NAMESPACE);
    const isOurs = (gateway: Gateway): boolean =>
      (classes.get(gateway.spec.gatewayClassName) as GatewayClass | undefined)?.spec
        .controllerName === controllerName;
    return {
      name: "http-route",
      setup(enqueue) {
        routes.onChange((current) => current && enqueue(keyOf(current)));
        const all = (): void => routes.list().forEach((route) => enqueue(keyOf(route)));
        for (const informer of [gateways, classes, services, namespaces]) informer.onChange(all);
      },
      async reconcile(key) {
        const [namespace = "", name = ""] = key.split("/");
        const route = routes.get(name, namespace) as HttpRoute | undefined;
        if (route === undefined) return;
        const ours = (gateways.list() as readonly Gateway[]).filter(isOurs);
        const parents = ours.flatMap((gateway) =>
          parentsNaming(route, gateway).map((parent) =>
            parentStatus(context, route, parent, gateway, { services, namespaces, controllerName }),
          ),
        );
        await writeStatus(context, route, parents, controllerName);
      },
    };
  };
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;

function parentStatus(
  { clock }: ControllerContext,
  route: HttpRoute,
  parent: ParentRef,
  gateway: Gateway,
  about: {
    readonly services: Informer;
    readonly namespaces: Informer;
    readonly controllerName: string;
  },
): RouteParentStatus {
  const known =
    (route.status?.parents ?? []).find(({ parentRef }) => deepEqual(parentRef, parent))
      ?.conditions ?? [];
  const findings = [
    accepted(route, parent, gateway, about.namespaces),
    resolved(route, about.services),
  ];
  const conditions = conditionsOf(findings, known, {
    generation: route.metadata.generation ?? 1,
    clock,
  });
  return { parentRef: parent, controllerName: about.controllerName, conditions };
}

function accepted(
  route: HttpRoute,
  parent: ParentRef,
  gateway: Gateway,
  namespaces: Informer,
): Finding {
  const results = gateway.spec.listeners.map((listener) =>
    attach(route, parent, gateway, listener, namespaces),
  );
  if (results.includes("Accepted"))
    return { type: "Accepted", holds: true, reason: "Accepted", message: "The route is accepted" };
  // The refusal that got furthest says most.
  const order: readonly Attachment[] = [
    "NoMatchingListenerHostname",
    "NotAllowedByListeners",
    "NoMatchingParent",
  ];
  const reason = order.find((candidate) => results.includes(candidate)) ?? "NoMatchingParent";
  return {
    type: "Accepted",
    holds: false,
    reason,
    message: `No listener of the Gateway takes the route: ${reason}`,
  };
}

function resolved(route: HttpRoute, services: Informer): Finding {
  const backends = (route.spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs);
  const missing = backends.find(
    ({ name, namespace }) =>
      services.get(name, namespace ?? route.metadata.namespace) === undefined,
  );
  if (missing === undefined)
    return {
      type: "ResolvedRefs",
      holds: true,
      reason: "ResolvedRefs",
      message: "All references are resolved",
    };
  return {
    type: "ResolvedRefs",
    holds: false,
    reason: "BackendNotFound",
    message: `Service "${missing.name}" not found`,
  };
}

async function writeStatus(
  { api }: ControllerContext,
  route: HttpRoute,
  ours: readonly RouteParentStatus[],
  controllerName: string,
): Promise<void> {
  const others = (route.status?.parents ?? []).filter(
    (parent) => parent.controllerName !== controllerName,
  );
  const parents = [...others, ...ours];
  if (deepEqual(route.status?.parents ?? [], parents)) return;
  const { name, namespace } = route.metadata;
  const body = { status: { parents } };
  await api.patch(
    { ...HTTP_ROUTE, name, namespace },
    { type: "merge", body },
    { subresource: "status" },
  );
}

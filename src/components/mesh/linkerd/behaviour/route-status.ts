// Tells each HTTPRoute whose parent is a Service whether the mesh took it. Mirrors policy-controller/k8s/status/src/index.rs
// of linkerd/linkerd2 edge-26.8.3: no generation, no messages, the empty group written out.

import { deepEqual, formatInstant } from "../../../../core/index.ts";
import type {
  Condition,
  ControllerFactory,
  Informer,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";

const HTTP_ROUTE = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" } as const;
const SERVICE = { apiVersion: "v1", kind: "Service" } as const;
const CONTROLLER = "linkerd.io/policy-controller";

interface Reference {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

interface ParentStatus {
  readonly controllerName: string;
  readonly parentRef: Reference;
  readonly conditions: readonly Condition[];
}

interface HttpRoute extends KubernetesObject {
  readonly spec: {
    readonly parentRefs?: readonly Reference[];
    readonly rules?: readonly { readonly backendRefs?: readonly Reference[] }[];
  };
  readonly status?: { readonly parents?: readonly ParentStatus[] };
}

export const routeStatusController: ControllerFactory = (context) => {
  const routes = context.informer(HTTP_ROUTE);
  const services = context.informer(SERVICE);
  return {
    name: "linkerd-route-status",
    setup(enqueue) {
      routes.onChange((current) => current && enqueue(keyOf(current)));
      services.onChange(() => routes.list().forEach((route) => enqueue(keyOf(route))));
    },
    async reconcile(key) {
      const [namespace = "", name = ""] = key.split("/");
      const route = routes.get(name, namespace) as HttpRoute | undefined;
      if (route === undefined) return;
      const before = route.status?.parents ?? [];
      const now = formatInstant(context.clock.now());
      const ours = (route.spec.parentRefs ?? [])
        .filter(isService)
        .map((parent) => statusOf(route, parent, services, { before, now }));
      const others = before.filter(({ controllerName }) => controllerName !== CONTROLLER);
      const parents = [...others, ...ours];
      if (deepEqual(before, parents)) return;
      const body = { status: { parents } };
      const ref = { ...HTTP_ROUTE, name, namespace };
      await context.api.patch(ref, { type: "merge", body }, { subresource: "status" });
    },
  };
};

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;

const isService = ({ group, kind }: Reference): boolean =>
  kind === "Service" && (group === "" || group === "core");

function statusOf(
  { metadata, spec }: HttpRoute,
  parent: Reference,
  services: Informer,
  about: { readonly before: readonly ParentStatus[]; readonly now: string },
): ParentStatus {
  const { namespace = "" } = metadata;
  const parentRef = { namespace, ...parent, group: "core" };
  const isThere = (one: Reference): boolean =>
    services.get(one.name, one.namespace ?? namespace) !== undefined;
  const backends = (spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs);
  const findings = [
    isThere(parent)
      ? (["Accepted", "True", "Accepted"] as const)
      : (["Accepted", "False", "NoMatchingParent"] as const),
    backends.every(isThere)
      ? (["ResolvedRefs", "True", "ResolvedRefs"] as const)
      : (["ResolvedRefs", "False", "BackendNotFound"] as const),
  ];
  const known = about.before.find((one) => deepEqual(one.parentRef, parentRef))?.conditions ?? [];
  const conditions = findings.map(([type, status, reason]): Condition => {
    const old = known.find((one) => one.type === type && one.status === status);
    const lastTransitionTime = old?.lastTransitionTime ?? about.now;
    return { type, status, reason, message: "", lastTransitionTime };
  });
  return { controllerName: CONTROLLER, parentRef, conditions };
}

// Routes must hang on a Gateway listener that exists and end at a Service port that exists; an Ingress needs its class.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { checkReference } from "../missing-reference.ts";
import { plainText, recordOf, recordsIn } from "../pod-template.ts";
import type { Check, SeenObject, TargetView } from "../target-view.ts";

export const missingServicePort = defineDiagnostic<{
  object: string;
  service: string;
  port: string;
}>({
  code: "verify/missing-service-port",
  severity: "error",
  message: ({ object, service, port }) => `${object}: Service ${service} has no port ${port}`,
});

export const missingListener = defineDiagnostic<{
  object: string;
  gateway: string;
  listener: string;
}>({
  code: "verify/missing-listener",
  severity: "error",
  message: ({ object, gateway, listener }) =>
    `${object}: Gateway ${gateway} has no listener ${listener}`,
});

const ROUTES = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"];

export const checkRouteReferences: Check = function* (view) {
  for (const route of ROUTES.flatMap((kind) => view.ofKind(kind))) {
    yield* checkParents(route, view);
    yield* checkBackends(route, view);
  }
  for (const gateway of view.ofKind("Gateway")) {
    const name = String(recordOf(gateway.object["spec"])["gatewayClassName"]);
    yield* checkReference(view, {
      from: gateway,
      field: "gatewayClassName",
      kind: "GatewayClass",
      name,
    });
  }
  for (const ingress of view.ofKind("Ingress")) yield* checkIngress(ingress, view);
};

function* checkParents(route: SeenObject, view: TargetView): Iterable<Diagnostic> {
  for (const parent of recordsIn(recordOf(route.object["spec"])["parentRefs"])) {
    if ((parent["kind"] ?? "Gateway") !== "Gateway") continue;
    const namespace = plainText(parent["namespace"] ?? route.object.metadata.namespace);
    const name = String(parent["name"]);
    yield* checkReference(view, {
      from: route,
      field: "parentRefs",
      kind: "Gateway",
      name,
      namespace,
    });
    const gateway = view.find("Gateway", name, namespace);
    const { sectionName } = parent;
    if (gateway === undefined || sectionName === undefined) continue;
    const listeners = recordsIn(recordOf(gateway.object["spec"])["listeners"]);
    if (listeners.some((listener) => listener["name"] === sectionName)) continue;
    const facts = { gateway: name, listener: plainText(sectionName) };
    yield missingListener(route.path, { object: displayRef(refOf(route.object)), ...facts });
  }
}

function* checkBackends(route: SeenObject, view: TargetView): Iterable<Diagnostic> {
  const rules = recordsIn(recordOf(route.object["spec"])["rules"]);
  for (const backend of rules.flatMap((rule) => recordsIn(rule["backendRefs"]))) {
    if ((backend["kind"] ?? "Service") !== "Service") continue;
    const namespace = plainText(backend["namespace"] ?? route.object.metadata.namespace);
    yield* checkBackend(
      route,
      { name: String(backend["name"]), namespace, port: backend["port"] },
      view,
    );
  }
}

interface Backend {
  readonly name: string;
  readonly namespace: string;
  /** Number, or name of a port; undefined where the route leaves it open. */
  readonly port: unknown;
}

/** Services of charts are known from the graph. */
function* checkBackend(
  route: SeenObject,
  { name, namespace, port }: Backend,
  view: TargetView,
): Iterable<Diagnostic> {
  const services = view.graph.workloads
    .filter((workload) => workload.namespace === namespace)
    .flatMap((workload) => workload.services)
    .filter((service) => service.name === name);
  const own = view.find("Service", name, namespace);
  if (own === undefined && services.length === 0) {
    yield* checkReference(view, {
      from: route,
      field: "backendRefs",
      kind: "Service",
      name,
      namespace,
    });
    return;
  }
  const ports = own
    ? recordsIn(recordOf(own.object["spec"])["ports"])
    : services.flatMap((service) => service.ports);
  const found = ports.some((open) => open.port === port || ("name" in open && open.name === port));
  if (port === undefined || found) return;
  const facts = { service: `${name} in ${namespace}`, port: plainText(port) };
  yield missingServicePort(route.path, { object: displayRef(refOf(route.object)), ...facts });
}

function* checkIngress(ingress: SeenObject, view: TargetView): Iterable<Diagnostic> {
  const spec = recordOf(ingress.object["spec"]);
  const name = spec["ingressClassName"];
  if (typeof name === "string") {
    yield* checkReference(view, {
      from: ingress,
      field: "ingressClassName",
      kind: "IngressClass",
      name,
    });
  }
  const namespace = ingress.object.metadata.namespace ?? "default";
  const paths = recordsIn(spec["rules"]).flatMap((rule) =>
    recordsIn(recordOf(rule["http"])["paths"]),
  );
  for (const path of paths) {
    const service = recordOf(recordOf(path["backend"])["service"]);
    const { name: port, number = port } = recordOf(service["port"]);
    yield* checkBackend(ingress, { name: String(service["name"]), namespace, port: number }, view);
  }
}

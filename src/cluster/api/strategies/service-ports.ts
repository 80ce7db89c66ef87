// Node ports of services, the health check port included. Mirrors kubernetes pkg/registry/core/service/storage/alloc.go.

import { NODE_PORTS } from "../allocators/port-allocator.ts";
import { invalidField } from "../field-error.ts";
import { invalid } from "../refusals.ts";
import type { ApiContext } from "../api-context.ts";
import { numberAt, recordsAt } from "../validation/fields.ts";
import type { ServiceScope } from "./service-addresses.ts";

type Scope = Readonly<Record<string, unknown>>;

export function withNodePorts(spec: Scope, scope: ServiceScope): Scope {
  return withHealthCheckPort(withPorts(spec, scope), scope);
}

function withPorts(spec: Scope, scope: ServiceScope): Scope {
  const ports = recordsAt(spec, "ports");
  if (!needsNodePorts(spec)) {
    const hadPorts = scope.before !== undefined && needsNodePorts(scope.before);
    if (!hadPorts || !ports.some((port) => port["nodePort"] !== undefined)) return spec;
    return { ...spec, ports: ports.map(({ nodePort: _nodePort, ...port }) => port) };
  }
  const next = ports.map((port, index) =>
    withNodePort(port, `spec.ports[${index}].nodePort`, scope),
  );
  return next.every((port, index) => port === ports[index]) ? spec : { ...spec, ports: next };
}

function needsNodePorts(spec: Scope): boolean {
  if (spec["type"] === "NodePort") return true;
  return spec["type"] === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] !== false;
}

function withNodePort(port: Scope, field: string, scope: ServiceScope): Scope {
  const asked = numberAt(port, "nodePort") ?? portBefore(port, scope.before);
  const nodePort = heldPorts(scope.before ?? {}).includes(asked)
    ? asked
    : allocate(asked, field, scope);
  return nodePort === undefined || nodePort === port["nodePort"] ? port : { ...port, nodePort };
}

/** The node port the same port had before. */
function portBefore(port: Scope, before: Scope | undefined): number | undefined {
  const match = recordsAt(before ?? {}, "ports").find(
    (old) => old["port"] === port["port"] && old["protocol"] === port["protocol"],
  );
  return match === undefined ? undefined : numberAt(match, "nodePort");
}

function withHealthCheckPort(spec: Scope, scope: ServiceScope): Scope {
  const isNeeded = spec["type"] === "LoadBalancer" && spec["externalTrafficPolicy"] === "Local";
  const given = numberAt(spec, "healthCheckNodePort");
  if (!isNeeded || (given !== undefined && given === scope.before?.["healthCheckNodePort"]))
    return spec;
  const port = allocate(given, "spec.healthCheckNodePort", scope);
  return port === undefined ? spec : { ...spec, healthCheckNodePort: port };
}

function allocate(
  asked: number | undefined,
  field: string,
  { service, context }: ServiceScope,
): number | undefined {
  const { nodePorts } = context.api.allocators;
  const port = asked === undefined ? nodePorts.next() : asked;
  const claimed = asked === undefined ? "claimed" : nodePorts.claim(asked);
  if (claimed !== "claimed") {
    const detail =
      claimed === "taken"
        ? "provided port is already allocated"
        : `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.from}-${NODE_PORTS.to}`;
    const causes = [invalidField(field, asked, detail)];
    throw invalid({ group: "", kind: "Service" }, service.metadata.name, causes);
  }
  if (port !== undefined && context.dryRun) nodePorts.release(port);
  return port;
}

function heldPorts(spec: Scope): readonly (number | undefined)[] {
  const ports = recordsAt(spec, "ports").map((port) => numberAt(port, "nodePort"));
  return [...ports, numberAt(spec, "healthCheckNodePort")].filter((port) => port !== undefined);
}

export function claimNodePorts(spec: Scope, api: ApiContext): void {
  for (const port of heldPorts(spec)) {
    if (port !== undefined) api.allocators.nodePorts.claim(port);
  }
}

export function releaseNodePorts(before: Scope, after: Scope, api: ApiContext): void {
  const kept = heldPorts(after);
  for (const port of heldPorts(before)) {
    if (port !== undefined && !kept.includes(port)) api.allocators.nodePorts.release(port);
  }
}

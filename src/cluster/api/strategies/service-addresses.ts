// Cluster IPs, IP families and node ports of services. Mirrors kubernetes pkg/registry/core/service/storage/alloc.go,
// for a single-stack IPv4 cluster.

import { invalid } from "../refusals.ts";
import { invalidField } from "../field-error.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import type { WriteContext } from "../strategy.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../validation/fields.ts";

type Scope = Readonly<Record<string, unknown>>;

const SERVICE = { group: "", kind: "Service" } as const;

export function allocateService(
  service: KubernetesObject,
  context: WriteContext,
): KubernetesObject {
  const spec = recordAt(service, "spec");
  const allocated = withNodePorts(
    withClusterIp(service, spec, context),
    undefined,
    service,
    context,
  );
  return { ...service, spec: allocated, status: { loadBalancer: {} } };
}

export function updateService(
  next: KubernetesObject,
  old: KubernetesObject,
  context: WriteContext,
): KubernetesObject {
  const before = recordAt(old, "spec");
  const spec = recordAt(next, "spec");
  if (spec === before) return next;
  const patched = keepAddresses(spec, before);
  const withIp =
    patched["clusterIP"] === undefined ? withClusterIp(next, patched, context) : patched;
  const result = withNodePorts(withIp, before, next, context);
  if (!context.dryRun) releaseDropped(before, result, context.api);
  return result === spec ? next : { ...next, spec: result };
}

export function releaseService(service: KubernetesObject, api: ApiContext): void {
  const spec = recordAt(service, "spec");
  releaseDropped(spec, {}, api);
}

/** What a client leaves out on update stays as it was, unless the type change gives it up. */
function keepAddresses(spec: Scope, before: Scope): Scope {
  if (spec["type"] === "ExternalName") {
    if (before["type"] === "ExternalName") return spec;
    const {
      clusterIP: _ip,
      clusterIPs: _ips,
      ipFamilies: _families,
      ipFamilyPolicy: _policy,
      ...rest
    } = spec;
    return rest;
  }
  const kept: Record<string, unknown> = { ...spec };
  for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]) {
    if (
      kept[field] === undefined &&
      before[field] !== undefined &&
      before["type"] !== "ExternalName"
    ) {
      kept[field] = before[field];
    }
  }
  return kept;
}

function withClusterIp(
  service: KubernetesObject,
  spec: Scope,
  { api, dryRun }: WriteContext,
): Scope {
  if (spec["type"] === "ExternalName") return spec;
  const families = { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" };
  const asked =
    textAt(spec, "clusterIP") ||
    textAt({ first: (spec["clusterIPs"] as unknown[] | undefined)?.[0] }, "first");
  if (asked === "None") {
    return { ...families, ...spec, clusterIP: "None", clusterIPs: ["None"] };
  }
  const address =
    asked === "" ? api.allocators.clusterIPs.next() : claimAddress(service, asked, api);
  if (address === undefined) {
    throw refuse(service, "spec.clusterIPs", [], "failed to allocate IP: range is full");
  }
  if (dryRun) api.allocators.clusterIPs.release(address);
  return { ...families, ...spec, clusterIP: address, clusterIPs: [address] };
}

function claimAddress(service: KubernetesObject, address: string, api: ApiContext): string {
  switch (api.allocators.clusterIPs.claim(address)) {
    case "claimed":
      return address;
    case "taken":
      throw refuse(
        service,
        "spec.clusterIPs",
        [address],
        `failed to allocate IP ${address}: provided IP is already allocated`,
      );
    case "out of range":
      throw refuse(
        service,
        "spec.clusterIPs",
        [address],
        `failed to allocate IP ${address}: the provided IP (${address}) is not in the valid range. The range of valid IPs is ${api.allocators.clusterIPs.range}`,
      );
  }
}

function needsNodePorts(spec: Scope): boolean {
  if (spec["type"] === "NodePort") return true;
  return spec["type"] === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] !== false;
}

function withNodePorts(
  spec: Scope,
  before: Scope | undefined,
  service: KubernetesObject,
  context: WriteContext,
): Scope {
  const ports = recordsAt(spec, "ports");
  if (!needsNodePorts(spec)) {
    const isGivenUp = before !== undefined && needsNodePorts(before);
    if (!isGivenUp || !ports.some((port) => port["nodePort"] !== undefined)) return spec;
    return { ...spec, ports: ports.map(({ nodePort: _nodePort, ...port }) => port) };
  }
  const held = new Set(recordsAt(before ?? {}, "ports").map((port) => numberAt(port, "nodePort")));
  const next = ports.map((port, index) =>
    withNodePort(port, index, { held, before, service, context }),
  );
  return next.every((port, index) => port === ports[index]) ? spec : { ...spec, ports: next };
}

interface PortScope {
  readonly held: ReadonlySet<number | undefined>;
  readonly before: Scope | undefined;
  readonly service: KubernetesObject;
  readonly context: WriteContext;
}

function withNodePort(port: Scope, index: number, scope: PortScope): Scope {
  const { api, dryRun } = scope.context;
  const asked = numberAt(port, "nodePort") || samePort(port, scope.before);
  if (asked !== undefined && scope.held.has(asked)) {
    return port["nodePort"] === asked ? port : { ...port, nodePort: asked };
  }
  const nodePort =
    asked === undefined ? api.allocators.nodePorts.next() : claimPort(asked, index, scope);
  if (nodePort !== undefined && dryRun) api.allocators.nodePorts.release(nodePort);
  return nodePort === undefined ? port : { ...port, nodePort };
}

/** The node port the same port had before. */
function samePort(port: Scope, before: Scope | undefined): number | undefined {
  const match = recordsAt(before ?? {}, "ports").find(
    (old) => old["port"] === port["port"] && old["protocol"] === port["protocol"],
  );
  return match === undefined ? undefined : numberAt(match, "nodePort");
}

function claimPort(port: number, index: number, { service, context }: PortScope): number {
  switch (context.api.allocators.nodePorts.claim(port)) {
    case "claimed":
      return port;
    case "taken":
      throw refuse(
        service,
        `spec.ports[${index}].nodePort`,
        port,
        "provided port is already allocated",
      );
    case "out of range":
      throw refuse(
        service,
        `spec.ports[${index}].nodePort`,
        port,
        "provided port is not in the valid range. The range of valid ports is 30000-32767",
      );
  }
}

function releaseDropped(before: Scope, after: Scope, api: ApiContext): void {
  const address = textAt(before, "clusterIP");
  if (address !== "" && address !== "None" && address !== after["clusterIP"]) {
    api.allocators.clusterIPs.release(address);
  }
  const kept = new Set(recordsAt(after, "ports").map((port) => numberAt(port, "nodePort")));
  for (const port of recordsAt(before, "ports")) {
    const nodePort = numberAt(port, "nodePort");
    if (nodePort !== undefined && !kept.has(nodePort)) api.allocators.nodePorts.release(nodePort);
  }
}

function refuse(service: KubernetesObject, field: string, value: unknown, detail: string): Error {
  return invalid(SERVICE, service.metadata.name, [invalidField(field, value, detail)]);
}

// The endpoints of a Service: addresses, conditions and ports of the pods it selects. Pure.
// Mirrors staging/src/k8s.io/endpointslice/{utils,reconciler}.go.

import { canonicalJson } from "../../core/index.ts";
import { isReady, isTerminal, isTerminating } from "../../kubernetes/index.ts";
import type { Node, Pod } from "../../kubernetes/index.ts";
import type { Endpoint, EndpointHints, EndpointPort, Service } from "./service-kinds.ts";

const ZONE_LABEL = "topology.kubernetes.io/zone";

/** Endpoints with the same resolved ports share slices. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** A pod without an address, or one that has ended, is no endpoint. */
export function hasEndpoint(pod: Pod): boolean {
  return Boolean(pod.status?.podIP) && !isTerminal(pod);
}

export function groupEndpoints(
  service: Service,
  pods: readonly Pod[],
  nodeOf: (name: string) => Node | undefined,
): readonly PortGroup[] {
  const groups = new Map<
    string,
    { readonly ports: readonly EndpointPort[]; readonly endpoints: Endpoint[] }
  >();
  for (const pod of pods) {
    if (!hasEndpoint(pod)) continue;
    const ports = resolvePorts(service, pod);
    const key = canonicalJson(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(service, pod, nodeOf));
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** A port whose name the pod does not declare is left out. */
export function resolvePorts({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  return (spec?.ports ?? []).flatMap(
    ({ name = "", protocol = "TCP", port, targetPort, appProtocol }) => {
      const number = resolveTarget(pod, targetPort ?? port, protocol);
      if (number === undefined) return [];
      return [
        { name, protocol, port: number, ...(appProtocol === undefined ? {} : { appProtocol }) },
      ];
    },
  );
}

function resolveTarget(pod: Pod, target: number | string, protocol: string): number | undefined {
  if (typeof target === "number") return target;
  for (const { ports } of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    const named = ports?.find(
      (port) => port.name === target && (port.protocol ?? "TCP") === protocol,
    );
    if (named !== undefined) return named.containerPort;
  }
  return undefined;
}

function endpointOf(
  service: Service,
  pod: Pod,
  nodeOf: (name: string) => Node | undefined,
): Endpoint {
  const { name, namespace, uid } = pod.metadata;
  const terminating = isTerminating(pod);
  const serving = isReady(pod);
  const published = service.spec?.publishNotReadyAddresses === true;
  const { nodeName, hostname, subdomain } = pod.spec;
  const zone = nodeName === undefined ? undefined : nodeOf(nodeName)?.metadata.labels?.[ZONE_LABEL];
  const named = hostname !== undefined && hostname !== "" && subdomain === service.metadata.name;
  const ready = published || (serving && !terminating);
  const hints = ready ? hintsFor(service, nodeName, zone) : undefined;
  return {
    addresses: [pod.status?.podIP ?? ""],
    conditions: {
      ready,
      serving: published || serving,
      terminating,
    },
    ...(named ? { hostname } : {}),
    targetRef: {
      kind: "Pod",
      ...(namespace === undefined ? {} : { namespace }),
      name,
      ...(uid === undefined ? {} : { uid }),
    },
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
    ...(hints === undefined ? {} : { hints }),
  };
}

/** The endpoint's own zone, and with `PreferSameNode` its node (endpointslice/trafficdist/trafficdist.go). */
function hintsFor(
  { spec }: Service,
  nodeName: string | undefined,
  zone: string | undefined,
): EndpointHints | undefined {
  const prefers = spec?.trafficDistribution ?? "";
  if (!["PreferClose", "PreferSameZone", "PreferSameNode"].includes(prefers)) return undefined;
  const onNode = prefers === "PreferSameNode" && nodeName !== undefined;
  if (zone === undefined && !onNode) return undefined;
  return {
    ...(zone === undefined ? {} : { forZones: [{ name: zone }] }),
    ...(onNode ? { forNodes: [{ name: nodeName }] } : {}),
  };
}

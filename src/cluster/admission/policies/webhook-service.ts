// Where a webhook behind a Service is reached. Mirrors kube-aggregator pkg/apiserver/resolvers.go and apiserver
// pkg/util/proxy/proxy.go (ResolveEndpoint, findServicePort); names of Services that are elsewhere as ResolveCluster does.

import type { KubernetesObject, LiveObjects } from "../../../kubernetes/index.ts";
import { SERVICE, type Service } from "../../controllers/service-kinds.ts";
import { serviceEndpoints, type EndpointLookup } from "../../network/service-endpoints.ts";

export interface ServicePort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** Where the port of a pod that runs as processes really is. Default: where it says. */
export type ReachPod = (
  address: string,
  port: number,
) => { readonly host: string; readonly port: number };

export type ServiceHost = { readonly host: string } | { readonly fault: string };

const SLICE = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };

/** `host:port`, or why there is none. */
export function serviceHost(of: ServicePort, live: LiveObjects, reach?: ReachPod): ServiceHost {
  const service = find(of, live);
  const quoted = JSON.stringify(of.name);
  if (service === undefined) return { fault: `service ${quoted} not found` };
  const { type, externalName = "" } = service.spec ?? {};
  if (type === "ExternalName") return { host: `${externalName}:${of.port}` };
  const endpoints = serviceEndpoints(of, sourcesOf(live));
  if (endpoints === undefined)
    return { fault: `no service port ${of.port} found for service ${quoted}` };
  const [endpoint] = endpoints;
  if (endpoint === undefined) return { fault: `no endpoints available for service ${quoted}` };
  const { address, port, pod } = endpoint;
  // Nothing listens on the address of a simulated pod, and on this machine's network somebody else might.
  if (pod !== undefined && !address.startsWith("127."))
    return { fault: `dial tcp ${hostPort(address, port)}: connect: connection refused` };
  const real = reach?.(address, port) ?? { host: address, port };
  return { host: hostPort(real.host, real.port) };
}

function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function find(
  { name, namespace }: Pick<ServicePort, "name" | "namespace">,
  live: LiveObjects,
): Service | undefined {
  // A Service was asked for.
  return live.get({ ...SERVICE, name, namespace }) as Service | undefined;
}

function sourcesOf(live: LiveObjects): EndpointLookup {
  return {
    services: {
      get: (name, namespace = "") => find({ name, namespace }, live),
    },
    slices: { list: (namespace): readonly KubernetesObject[] => live.list(SLICE, namespace) },
  };
}

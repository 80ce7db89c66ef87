// What every name of the cluster means on this machine, and which ports of which Services are worth a listener: read from
// Services and EndpointSlices whenever one of them changed.

import {
  endpointsOfPort,
  headlessEndpoints,
  type EndpointSources,
  type ServiceEndpoint,
} from "./service-endpoints.ts";
import type { Service, ServicePort } from "../controllers/service-kinds.ts";
import { isIpv4, isLoopback, serviceAddress } from "./loopback-addresses.ts";

/** A port of a Service, named by where it listens. */
export interface ServedPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  /** The Service's address on this machine. */
  readonly address: string;
}

export interface ClusterNames {
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly aliases: Readonly<Record<string, string>>;
  /** ClusterIP → the Service's address on this machine. */
  readonly clusterIPs: ReadonlyMap<string, string>;
  /** TCP ports that have an endpoint on this machine. */
  readonly served: readonly ServedPort[];
}

export interface NamesInput extends EndpointSources {
  readonly seed: string;
  /** Whether `default/kubernetes` is answered although nothing lists its endpoints. */
  readonly apiServed: boolean;
}

export const API_SERVICE = { namespace: "default", name: "kubernetes" } as const;

export function clusterNames(input: NamesInput): ClusterNames {
  const names: Record<string, readonly string[]> = {};
  const aliases: Record<string, string> = {};
  const clusterIPs = new Map<string, string>();
  const served: ServedPort[] = [];
  // The informer was asked for Services.
  for (const service of input.services.list() as readonly Service[]) {
    const key = `${service.metadata.name}.${service.metadata.namespace}`;
    const { type, clusterIP } = service.spec ?? {};
    if (type === "ExternalName") aliases[key] = externalName(service);
    else if (clusterIP === "None") Object.assign(names, headlessNames(key, service, input));
    else if (clusterIP !== undefined && isIpv4(clusterIP)) {
      const address = serviceAddress(clusterIP, input.seed);
      names[key] = [address];
      clusterIPs.set(clusterIP, address);
      served.push(...servedPorts(service, address, input));
    }
  }
  return { names, aliases, clusterIPs, served };
}

function externalName({ spec }: Service): string {
  return (spec as { readonly externalName?: string }).externalName ?? "";
}

/** The Service's own name for all its pods, and a name for every pod that has one. */
function headlessNames(
  key: string,
  service: Service,
  { slices }: NamesInput,
): Record<string, readonly string[]> {
  const endpoints = headlessEndpoints(service, slices).filter(isHere);
  const names: Record<string, readonly string[]> = {
    [key]: [...new Set(endpoints.map(({ address }) => address))],
  };
  for (const { hostname, address } of endpoints) {
    if (hostname !== undefined) names[`${hostname}.${key}`] = [address];
  }
  return names;
}

function servedPorts(
  service: Service,
  address: string,
  { slices, apiServed }: NamesInput,
): ServedPort[] {
  const { name, namespace = "" } = service.metadata;
  const isApi = apiServed && name === API_SERVICE.name && namespace === API_SERVICE.namespace;
  return (service.spec?.ports ?? [])
    .filter((port) => isTcp(port) && (isApi || endpointsOfPort(service, port, slices).some(isHere)))
    .map(({ port }) => ({ namespace, name, port, address }));
}

const isTcp = ({ protocol }: ServicePort): boolean => (protocol ?? "TCP") === "TCP";

export const isHere = ({ address }: ServiceEndpoint): boolean => isLoopback(address);

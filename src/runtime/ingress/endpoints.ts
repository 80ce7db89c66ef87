// The ready endpoints behind a Service's port, from EndpointSlices.

import type { Informer, KubernetesObject } from "../../kubernetes/index.ts";

export interface ReadyEndpoint {
  readonly address: string;
  readonly port: number;
  readonly pod: { readonly namespace: string; readonly name: string };
}

interface EndpointSlice extends KubernetesObject {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
    readonly targetRef?: {
      readonly kind?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

interface Service extends KubernetesObject {
  readonly spec: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}

/** Sorted by pod name, so that round robin is stable. Undefined when the Service or its port does not exist. */
export function readyEndpoints(
  service: { readonly namespace: string; readonly name: string; readonly port: number },
  { services, slices }: { readonly services: Informer; readonly slices: Informer },
): readonly ReadyEndpoint[] | undefined {
  const object = services.get(service.name, service.namespace) as Service | undefined;
  const portName = object?.spec.ports?.find(({ port }) => port === service.port);
  if (portName === undefined) return undefined;
  const own = (slices.list(service.namespace) as readonly EndpointSlice[]).filter(
    ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service.name,
  );
  return own.flatMap((slice) => endpointsOf(slice, portName.name ?? "")).toSorted(byPod);
}

function endpointsOf(
  { endpoints = [], ports = [] }: EndpointSlice,
  portName: string,
): ReadyEndpoint[] {
  const port = ports.find(({ name }) => (name ?? "") === portName)?.port;
  if (port === undefined) return [];
  return endpoints.flatMap(({ addresses, conditions, targetRef }) => {
    const [address] = addresses;
    if (address === undefined || conditions?.ready === false || targetRef?.kind !== "Pod")
      return [];
    return {
      address,
      port,
      pod: { namespace: targetRef.namespace ?? "", name: targetRef.name ?? "" },
    };
  });
}

const byPod = (a: ReadyEndpoint, b: ReadyEndpoint): number =>
  a.pod.name < b.pod.name ? -1 : a.pod.name > b.pod.name ? 1 : 0;

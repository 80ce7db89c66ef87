// The endpoints behind a Service's port, from its EndpointSlices, in the order a proxy may try them. Mirrors
// pkg/proxy/topology.go (CategorizeEndpoints) at v1.36: ready ones; when there are none, those that end but still serve.

import type { Informer } from "../../kubernetes/index.ts";
import { SERVICE_NAME_LABEL } from "../controllers/endpoint-slice.ts";
import type {
  Endpoint,
  EndpointSlice,
  Service,
  ServicePort,
} from "../controllers/service-kinds.ts";

export interface ServiceEndpoint {
  readonly address: string;
  readonly port: number;
  /** Told to end: used only while no other endpoint is left. */
  readonly terminating: boolean;
  readonly hostname?: string;
  /** Absent: nobody's pod, for example kept by hand. */
  readonly pod?: { readonly namespace: string; readonly name: string };
}

type Slices = Pick<Informer, "list">;

/** What is asked for one Service. */
export interface EndpointLookup {
  readonly services: Pick<Informer, "get">;
  readonly slices: Slices;
}

export interface EndpointSources {
  readonly services: Informer;
  readonly slices: Informer;
}

/** Sorted by pod or address, so that round robin is stable. Undefined when the Service or its port does not exist. */
export function serviceEndpoints(
  of: { readonly namespace: string; readonly name: string; readonly port: number },
  { services, slices }: EndpointLookup,
): readonly ServiceEndpoint[] | undefined {
  // The informer was asked for Services and EndpointSlices.
  const service = services.get(of.name, of.namespace) as Service | undefined;
  const port = service?.spec?.ports?.find((one) => one.port === of.port);
  return service && port && endpointsOfPort(service, port, slices);
}

export function endpointsOfPort(
  { metadata }: Service,
  port: ServicePort,
  slices: Slices,
): readonly ServiceEndpoint[] {
  const own = slicesOf(metadata.name, metadata.namespace ?? "", slices);
  return usable(own.flatMap((slice) => endpointsIn(slice, port.name ?? "")));
}

/** Of a headless Service: every address that is ready, whatever its ports. */
export function headlessEndpoints(
  { metadata }: Service,
  slices: Slices,
): readonly ServiceEndpoint[] {
  const own = slicesOf(metadata.name, metadata.namespace ?? "", slices);
  return own
    .flatMap(({ endpoints }) => (endpoints ?? []).flatMap((one) => endpointOf(one, 0)))
    .filter(({ ready }) => ready)
    .toSorted(byName);
}

function slicesOf(name: string, namespace: string, slices: Slices): readonly EndpointSlice[] {
  return (slices.list(namespace) as readonly EndpointSlice[]).filter(
    ({ metadata }) => metadata.labels?.[SERVICE_NAME_LABEL] === name,
  );
}

interface Candidate extends ServiceEndpoint {
  readonly ready: boolean;
  readonly serving: boolean;
}

function endpointsIn({ endpoints, ports }: EndpointSlice, portName: string): Candidate[] {
  const port = ports?.find(({ name }) => (name ?? "") === portName)?.port;
  return port === undefined ? [] : (endpoints ?? []).flatMap((one) => endpointOf(one, port));
}

function endpointOf(
  { addresses, conditions, hostname, targetRef }: Endpoint,
  port: number,
): Candidate[] {
  const [address] = addresses;
  if (address === undefined) return [];
  const ready = conditions?.ready !== false;
  const pod =
    targetRef?.kind === "Pod" && targetRef.name !== undefined
      ? { pod: { namespace: targetRef.namespace ?? "", name: targetRef.name } }
      : {};
  return [
    {
      address,
      port,
      ready,
      serving: conditions?.serving ?? ready,
      terminating: conditions?.terminating === true,
      ...(hostname === undefined ? {} : { hostname }),
      ...pod,
    },
  ];
}

function usable(all: readonly Candidate[]): readonly ServiceEndpoint[] {
  const ready = all.filter((one) => one.ready);
  const chosen = ready.length > 0 ? ready : all.filter((one) => one.serving && one.terminating);
  return chosen.toSorted(byName);
}

const nameOf = ({ pod, address }: ServiceEndpoint): string => pod?.name ?? address;
const byName = (a: ServiceEndpoint, b: ServiceEndpoint): number =>
  nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0;

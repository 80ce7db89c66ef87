// Mirrors Endpoints that somebody keeps by hand, for a Service without a selector, into EndpointSlices: one per subset and
// address family. Mirrors pkg/controller/endpointslicemirroring (endpointslicemirroring_controller.go, reconciler.go).

import { deepEqual, parseRange } from "../../core/index.ts";
import { informerOf, isNotFound, isTerminating, refOf } from "../../kubernetes/index.ts";
import type { Controller, ControllerContext, KubernetesObject } from "../../kubernetes/index.ts";
import { SERVICE_NAME_LABEL } from "./endpoint-slice.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { ENDPOINT_SLICE, ENDPOINTS, SERVICE } from "./service-kinds.ts";
import type {
  Endpoint,
  EndpointAddress,
  EndpointPort,
  Endpoints,
  EndpointSlice,
  EndpointSubset,
  Service,
} from "./service-kinds.ts";

const MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
const MANAGED_BY = "endpointslicemirroring-controller.k8s.io";
const SKIP_LABEL = "endpointslice.kubernetes.io/skip-mirror";
const LEADER = "control-plane.alpha.kubernetes.io/leader";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** Addresses of one subset beyond these are left out (`--mirroring-max-endpoints-per-subset`). */
const ADDRESSES_MAX = 1000;

interface Wanted {
  readonly addressType: "IPv4" | "IPv6";
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly EndpointPort[];
}

export function endpointSliceMirroringController(context: ControllerContext): Controller {
  const { api } = context;
  const all = informerOf(context, ENDPOINTS);
  const services = informerOf(context, SERVICE);
  const slices = informerOf(context, ENDPOINT_SLICE);

  const mirrored = (namespace: string | undefined, name: string): readonly EndpointSlice[] =>
    slices
      .list(namespace)
      .filter(
        ({ metadata }) =>
          metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY &&
          metadata.labels[SERVICE_NAME_LABEL] === name &&
          metadata.deletionTimestamp === undefined,
      );
  const sync = async (endpoints: Endpoints): Promise<void> => {
    const { name, namespace } = endpoints.metadata;
    const left = [...mirrored(namespace, name)];
    for (const wanted of slicesOf(endpoints)) {
      const at = left.findIndex((slice) => isFor(slice, wanted));
      const [existing] = at < 0 ? [] : left.splice(at, 1);
      const next = sliceFor(endpoints, existing, wanted);
      if (existing === undefined) await api.create(next);
      else if (!deepEqual(next, existing)) await api.update(next);
    }
    await remove(left);
  };
  const remove = async (surplus: readonly EndpointSlice[]): Promise<void> => {
    for (const slice of surplus) {
      await api.delete(refOf(slice)).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  };

  return {
    name: "endpoint-slice-mirroring-controller",
    setup(enqueue) {
      for (const informer of [all, services]) {
        informer.onChange(
          (current: KubernetesObject | undefined, old: KubernetesObject | undefined) => {
            const object = current ?? old;
            if (object !== undefined) enqueue(objectKey(object));
          },
        );
      }
      slices.onChange((current, old) => {
        const { namespace, labels } = (current ?? old)?.metadata ?? {};
        const name = labels?.[SERVICE_NAME_LABEL];
        if (labels?.[MANAGED_BY_LABEL] === MANAGED_BY && name !== undefined) {
          enqueue(`${namespace}/${name}`);
        }
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const endpoints = all.get(name, namespace);
      const service = services.get(name, namespace);
      if (endpoints !== undefined && isMirrored(endpoints, service)) return sync(endpoints);
      return remove(mirrored(namespace, name));
    },
  };
}

/** Endpoints of a leader election, those that ask not to be, and those of a Service with a selector are not mirrored. */
function isMirrored(endpoints: Endpoints, service: Service | undefined): boolean {
  const { labels, annotations } = endpoints.metadata;
  if (isTerminating(endpoints) || labels?.[SKIP_LABEL] === "true") return false;
  if (annotations?.[LEADER] !== undefined) return false;
  return service !== undefined && service.spec?.selector === undefined;
}

function slicesOf({ subsets = [] }: Endpoints): readonly Wanted[] {
  return subsets.flatMap((subset) =>
    (["IPv4", "IPv6"] as const).flatMap((addressType) => {
      const endpoints = endpointsOf(subset, addressType);
      const ports = (subset.ports ?? []).map((port) => ({ name: "", protocol: "TCP", ...port }));
      return endpoints.length === 0 ? [] : [{ addressType, endpoints, ports }];
    }),
  );
}

function endpointsOf(
  { addresses = [], notReadyAddresses = [] }: EndpointSubset,
  family: "IPv4" | "IPv6",
): readonly Endpoint[] {
  const wanted = family === "IPv4" ? 4 : 6;
  const all = [
    ...addresses.map((address) => endpointFor(address, true)),
    ...notReadyAddresses.map((address) => endpointFor(address, false)),
  ];
  return all
    .slice(0, ADDRESSES_MAX)
    .filter(({ addresses: [ip = ""] }) => parseRange(ip)?.version === wanted);
}

function endpointFor(address: EndpointAddress, ready: boolean): Endpoint {
  const { ip, hostname, nodeName, targetRef } = address;
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}

function isFor({ addressType, ports }: EndpointSlice, wanted: Wanted): boolean {
  return addressType === wanted.addressType && deepEqual(ports ?? [], wanted.ports);
}

function sliceFor(
  endpoints: Endpoints,
  existing: EndpointSlice | undefined,
  { addressType, endpoints: list, ports }: Wanted,
): KubernetesObject {
  const { name, namespace, uid = "", labels, annotations } = endpoints.metadata;
  const copied = Object.entries(annotations ?? {}).filter(([key]) => key !== LAST_APPLIED);
  const owner = { ...ENDPOINTS, name, uid, controller: true, blockOwnerDeletion: true };
  const base = existing?.metadata ?? {
    name: "",
    generateName: `${name}-`,
    ...(namespace === undefined ? {} : { namespace }),
    ownerReferences: [owner],
  };
  return {
    ...ENDPOINT_SLICE,
    metadata: {
      ...base,
      labels: { ...labels, [SERVICE_NAME_LABEL]: name, [MANAGED_BY_LABEL]: MANAGED_BY },
      ...(copied.length === 0 ? {} : { annotations: Object.fromEntries(copied) }),
    },
    addressType,
    endpoints: list,
    ...(ports.length === 0 ? {} : { ports }),
  };
}

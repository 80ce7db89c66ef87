// Keeps the EndpointSlices of every Service with a selector, at most 100 endpoints each. Existing slices are filled
// before new ones are made. Mirrors pkg/controller/endpointslice and staging/src/k8s.io/endpointslice.

import { canonicalJson, deepEqual } from "../../core/index.ts";
import { informerOf, isNotFound, isTerminating, NODE, POD, refOf } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  KubernetesObject,
  Pod,
} from "../../kubernetes/index.ts";
import { groupEndpoints } from "./endpoints-of.ts";
import type { PortGroup } from "./endpoints-of.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { controllerReference } from "./owner.ts";
import { labelIndexOf, createSelectorIndex } from "./selected-pods.ts";
import { ENDPOINT_SLICE, SERVICE } from "./service-kinds.ts";
import type { Endpoint, EndpointSlice, Service } from "./service-kinds.ts";

export const SERVICE_NAME_LABEL = "kubernetes.io/service-name";
const MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
const MANAGED_BY = "endpointslice-controller.k8s.io";
const HEADLESS_LABEL = "service.kubernetes.io/headless";
const ENDPOINTS_MAX = 100;

export function endpointSliceController(context: ControllerContext): Controller {
  const { api } = context;
  const services = informerOf(context, SERVICE);
  const pods = informerOf(context, POD);
  const nodes = informerOf(context, NODE);
  const slices = informerOf(context, ENDPOINT_SLICE);
  const podsByLabel = labelIndexOf(pods);
  const bySelector = createSelectorIndex(services, selectorOf, objectKey);

  const slicesOf = (service: Service): readonly EndpointSlice[] =>
    slices
      .ownedBy(service.metadata.uid ?? "")
      .filter(({ metadata }) => metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY);

  const sync = async (service: Service): Promise<void> => {
    const selector = selectorOf(service);
    if (selector === undefined) return;
    const selected = podsByLabel.select(service.metadata.namespace ?? "", selector);
    const groups = groupEndpoints(service, selected, (name) => nodes.get(name));
    const existing = slicesOf(service).filter((slice) => !isTerminating(slice));
    const { write, remove } = planSlices(service, existing, groups);
    for (const slice of write) {
      await (slice.metadata.resourceVersion === undefined ? api.create(slice) : api.update(slice));
    }
    for (const slice of remove) {
      await api.delete(refOf(slice)).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  };

  return {
    name: "endpoint-slice-controller",
    setup(enqueue) {
      services.onChange((current) => current && enqueue(objectKey(current)));
      pods.onChange((current, old) => {
        if (!changesEndpoint(current, old)) return;
        for (const pod of [current, old]) {
          if (pod === undefined) continue;
          const { namespace = "", labels } = pod.metadata;
          for (const key of bySelector.matching(namespace, labels)) enqueue(key);
        }
      });
      slices.onChange((current, old) => {
        const { namespace, labels } = (current ?? old)?.metadata ?? {};
        const name = labels?.[SERVICE_NAME_LABEL];
        if (name !== undefined) enqueue(`${namespace}/${name}`);
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(name, namespace);
      if (service !== undefined && !isTerminating(service)) await sync(service);
    },
  };
}

function selectorOf({ spec }: Service): Readonly<Record<string, string>> | undefined {
  if (spec?.type === "ExternalName") return undefined;
  const { selector } = spec ?? {};
  return selector === undefined || Object.keys(selector).length === 0 ? undefined : selector;
}

export function changesEndpoint(current: Pod | undefined, old: Pod | undefined): boolean {
  if (current === undefined || old === undefined) return true;
  return (
    current.metadata.labels !== old.metadata.labels ||
    current.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    current.status?.podIP !== old.status?.podIP ||
    current.status?.phase !== old.status?.phase ||
    current.status?.conditions !== old.status?.conditions ||
    current.spec.nodeName !== old.spec.nodeName
  );
}

interface SlicePlan {
  readonly write: readonly KubernetesObject[];
  readonly remove: readonly EndpointSlice[];
}

function planSlices(
  service: Service,
  existing: readonly EndpointSlice[],
  groups: readonly PortGroup[],
): SlicePlan {
  const left = new Map(existing.map((slice) => [slice.metadata.name, slice]));
  const write: KubernetesObject[] = [];
  const wanted = groups.length === 0 ? [{ ports: [], endpoints: [] }] : groups;
  for (const group of wanted) {
    const own = [...left.values()].filter((slice) => samePorts(slice, group));
    for (const [index, endpoints] of distribute(own, group.endpoints).entries()) {
      const slice = own[index] ?? (own.length === 0 ? takeAny(left) : undefined);
      if (slice !== undefined) left.delete(slice.metadata.name);
      const next = sliceFor(service, slice, group, endpoints);
      if (slice === undefined || !deepEqual(next, slice)) write.push(next);
    }
  }
  return { write, remove: [...left.values()] };
}

function samePorts({ ports }: EndpointSlice, group: PortGroup): boolean {
  return canonicalJson(ports ?? []) === canonicalJson(group.ports);
}

/** A slice whose ports changed is rewritten rather than replaced. */
function takeAny(left: ReadonlyMap<string, EndpointSlice>): EndpointSlice | undefined {
  return left.values().next().value;
}

/** Endpoints stay in the slice they are in; new ones fill the free places, then new slices. */
function distribute(
  slices: readonly EndpointSlice[],
  endpoints: readonly Endpoint[],
): readonly (readonly Endpoint[])[] {
  const pending = new Map(endpoints.map((endpoint) => [endpointKey(endpoint), endpoint]));
  const filled = slices.map((slice) =>
    (slice.endpoints ?? []).flatMap((endpoint) => {
      const key = endpointKey(endpoint);
      const next = pending.get(key);
      pending.delete(key);
      return next === undefined ? [] : [next];
    }),
  );
  const rest = [...pending.values()];
  for (const slice of filled) slice.push(...rest.splice(0, ENDPOINTS_MAX - slice.length));
  while (rest.length > 0) filled.push(rest.splice(0, ENDPOINTS_MAX));
  const used = filled.filter((slice) => slice.length > 0);
  return used.length > 0 ? used : [[]];
}

function endpointKey({ targetRef, addresses }: Endpoint): string {
  return `${targetRef?.uid ?? ""} ${addresses[0] ?? ""}`;
}

function sliceFor(
  service: Service,
  existing: EndpointSlice | undefined,
  group: PortGroup,
  endpoints: readonly Endpoint[],
): KubernetesObject {
  const { name, namespace, labels } = service.metadata;
  const base = existing?.metadata ?? {
    name: "",
    generateName: `${name}-`,
    ...(namespace === undefined ? {} : { namespace }),
    ownerReferences: [controllerReference(service)],
  };
  return {
    ...ENDPOINT_SLICE,
    metadata: {
      ...base,
      labels: {
        ...labels,
        ...(service.spec?.clusterIP === "None" ? { [HEADLESS_LABEL]: "" } : {}),
        [MANAGED_BY_LABEL]: MANAGED_BY,
        [SERVICE_NAME_LABEL]: name,
      },
    },
    addressType: service.spec?.ipFamilies?.[0] ?? "IPv4",
    ...(endpoints.length === 0 ? {} : { endpoints }),
    ...(group.ports.length === 0 ? {} : { ports: group.ports }),
  };
}

// Keeps the older Endpoints object of every Service with a selector, for clients that still read it; at most 1,000
// addresses, as the real controller truncates. Mirrors pkg/controller/endpoint/endpoints_controller.go.

import { canonicalJson, deepEqual } from "../../core/index.ts";
import {
  informerOf,
  isNotFound,
  isReady,
  isTerminating,
  POD,
  refOf,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  KubernetesObject,
  Pod,
} from "../../kubernetes/index.ts";
import { changesEndpoint } from "./endpoint-slice.ts";
import { hasEndpoint, resolvePorts } from "./endpoints-of.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { labelIndexOf, createSelectorIndex } from "./selected-pods.ts";
import { ENDPOINTS, SERVICE } from "./service-kinds.ts";
import type { EndpointAddress, EndpointPort, EndpointSubset, Service } from "./service-kinds.ts";

const MANAGED_BY = { "endpoints.kubernetes.io/managed-by": "endpoint-controller" };
const HEADLESS_LABEL = "service.kubernetes.io/headless";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
const ADDRESSES_MAX = 1000;

export function endpointsController(context: ControllerContext): Controller {
  const { api } = context;
  const services = informerOf(context, SERVICE);
  const pods = informerOf(context, POD);
  const all = informerOf(context, ENDPOINTS);
  const podsByLabel = labelIndexOf(pods);
  const bySelector = createSelectorIndex(services, selectorOf, objectKey);

  const sync = async (service: Service): Promise<void> => {
    const selector = selectorOf(service);
    if (selector === undefined) return;
    const { name, namespace = "" } = service.metadata;
    const existing = all.get(name, namespace);
    const subsets = subsetsOf(service, podsByLabel.select(namespace, selector));
    const next = endpointsFor(service, existing, subsets);
    if (existing === undefined) await api.create(next);
    else if (!deepEqual(next, existing)) await api.update(next);
  };
  const remove = async (namespace: string | undefined, name: string): Promise<void> => {
    const existing = all.get(name, namespace);
    // Only objects this controller made go with the Service; others may be kept by hand.
    if (existing?.metadata.labels?.["endpoints.kubernetes.io/managed-by"] === undefined) return;
    await api.delete(refOf(existing)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  };

  return {
    name: "endpoint-controller",
    setup(enqueue) {
      services.onChange((current, old) => {
        const service = current ?? old;
        if (service !== undefined) enqueue(objectKey(service));
      });
      pods.onChange((current, old) => {
        if (!changesEndpoint(current, old)) return;
        for (const pod of [current, old]) {
          if (pod === undefined) continue;
          const { namespace = "", labels } = pod.metadata;
          for (const key of bySelector.matching(namespace, labels)) enqueue(key);
        }
      });
      all.onChange((current, old) => {
        const endpoints = current ?? old;
        if (endpoints !== undefined) enqueue(objectKey(endpoints));
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(name, namespace);
      if (service === undefined) await remove(namespace, name);
      else if (!isTerminating(service)) await sync(service);
    },
  };
}

function selectorOf({ spec }: Service): Readonly<Record<string, string>> | undefined {
  if (spec?.type === "ExternalName") return undefined;
  const { selector } = spec ?? {};
  return selector === undefined || Object.keys(selector).length === 0 ? undefined : selector;
}

/** Addresses with the same ports share a subset; terminating pods are left out. */
function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  interface Draft {
    readonly ports: readonly EndpointPort[];
    readonly ready: EndpointAddress[];
    readonly notReady: EndpointAddress[];
  }
  const drafts = new Map<string, Draft>();
  const usable = pods.filter((pod) => hasEndpoint(pod) && !isTerminating(pod));
  for (const pod of usable.slice(0, ADDRESSES_MAX)) {
    const ports = resolvePorts(service, pod).map(({ name, ...port }) =>
      name ? { name, ...port } : port,
    );
    const draft = drafts.get(canonicalJson(ports)) ?? { ports, ready: [], notReady: [] };
    drafts.set(canonicalJson(ports), draft);
    const published = service.spec?.publishNotReadyAddresses === true || isReady(pod);
    (published ? draft.ready : draft.notReady).push(addressOf(service, pod));
  }
  const byAddress = (a: EndpointAddress, b: EndpointAddress): number => (a.ip < b.ip ? -1 : 1);
  return [...drafts.values()].map(({ ports, ready, notReady }) => ({
    ...(ready.length === 0 ? {} : { addresses: ready.toSorted(byAddress) }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.toSorted(byAddress) }),
    ...(ports.length === 0 ? {} : { ports }),
  }));
}

function addressOf(service: Service, { metadata, spec, status }: Pod): EndpointAddress {
  const { name, namespace, uid } = metadata;
  const named = Boolean(spec.hostname) && spec.subdomain === service.metadata.name;
  return {
    ip: status?.podIP ?? "",
    ...(named && spec.hostname !== undefined ? { hostname: spec.hostname } : {}),
    ...(spec.nodeName === undefined ? {} : { nodeName: spec.nodeName }),
    targetRef: {
      kind: "Pod",
      ...(namespace === undefined ? {} : { namespace }),
      name,
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

function endpointsFor(
  service: Service,
  existing: KubernetesObject | undefined,
  subsets: readonly EndpointSubset[],
): KubernetesObject {
  const { name, namespace, labels } = service.metadata;
  const headless = service.spec?.clusterIP === "None" ? { [HEADLESS_LABEL]: "" } : {};
  const addresses = subsets.flatMap((subset) => [
    ...(subset.addresses ?? []),
    ...(subset.notReadyAddresses ?? []),
  ]).length;
  const annotations = {
    ...existing?.metadata.annotations,
    ...(addresses >= ADDRESSES_MAX ? { [OVER_CAPACITY]: "truncated" } : {}),
  };
  const rest = Object.entries(existing ?? ENDPOINTS).filter(([field]) => field !== "subsets");
  return {
    ...Object.fromEntries(rest),
    ...ENDPOINTS,
    metadata: {
      ...(existing?.metadata ?? { name, ...(namespace === undefined ? {} : { namespace }) }),
      labels: { ...labels, ...headless, ...MANAGED_BY },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    ...(subsets.length === 0 ? {} : { subsets }),
  };
}

// ServiceCIDRs widen what addresses of Services are taken from, and IPAddresses that somebody else made keep theirs.
// Mirrors kubernetes pkg/registry/core/service/ipallocator/cidrallocator.go.

import { parseCidr } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import { recordAt, recordsAt } from "../validation/fields.ts";

export const SERVICE_CIDRS = "networking.k8s.io/servicecidrs";
export const IP_ADDRESSES = "networking.k8s.io/ipaddresses";
export const MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
/** What makes the IPAddress of every Service. */
export const ADDRESS_MANAGER = "ipallocator.k8s.io";

/** A block of fewer than four addresses holds none that could be given. */
const PREFIX_MAX = 30;

export function followServiceRanges(api: ApiContext): void {
  const { store, allocators } = api;
  const useAll = (): void => {
    const ranges = store.list({ resource: SERVICE_CIDRS }).filter(isReady).flatMap(rangesOf);
    allocators.clusterIPs.useToo(ranges);
  };
  useAll();
  for (const address of store.list({ resource: IP_ADDRESSES })) reserve(api, address);
  store.watch({ resource: SERVICE_CIDRS, after: store.revision }, useAll);
  store.watch({ resource: IP_ADDRESSES, after: store.revision }, (events) => {
    for (const { type, object, previous } of events) {
      if (type === "delete") giveBack(api, object);
      else if (previous === undefined) reserve(api, object);
    }
  });
}

/** Nobody has said anything yet: it counts. */
function isReady({ metadata, ...rest }: KubernetesObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const conditions = recordsAt(recordAt(rest, "status"), "conditions");
  const ready = conditions.find(({ type }) => type === "Ready");
  return ready === undefined || ready["status"] !== "False";
}

/** Those the cluster's family is served from. */
function rangesOf(object: KubernetesObject): readonly string[] {
  const { cidrs } = recordAt(object, "spec");
  return (Array.isArray(cidrs) ? cidrs.map(String) : []).filter((text) => {
    const cidr = parseCidr(text);
    return cidr !== undefined && cidr.version === 4 && cidr.prefix <= PREFIX_MAX;
  });
}

function reserve({ allocators }: ApiContext, { metadata }: KubernetesObject): void {
  if (metadata.labels?.[MANAGED_BY] === ADDRESS_MANAGER) return;
  allocators.clusterIPs.claim(metadata.name);
}

/** An address that a Service holds is given back with the Service. */
function giveBack({ allocators }: ApiContext, { metadata }: KubernetesObject): void {
  if (metadata.labels?.[MANAGED_BY] === ADDRESS_MANAGER) return;
  allocators.clusterIPs.release(metadata.name);
}

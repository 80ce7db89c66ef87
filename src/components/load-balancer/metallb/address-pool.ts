// The pool and its announcement by ARP. Fields: metallb v0.16.1 api/v1beta1.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { parseRange, formatAddress } from "../../../core/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import { NAMESPACE } from "./surface.ts";

const API_VERSION = "metallb.io/v1beta1";
const POOL = "platform";

export function addressPool(platform: string, addresses: string): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: "IPAddressPool",
    metadata: {
      name: POOL,
      namespace: NAMESPACE,
      labels: systemLabels(platform, "metallb", "addresses"),
    },
    spec: { addresses: [fullRange(addresses)] },
  };
}

export function layer2Advertisement(platform: string): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: "L2Advertisement",
    metadata: {
      name: POOL,
      namespace: NAMESPACE,
      labels: systemLabels(platform, "metallb", "addresses"),
    },
    spec: { ipAddressPools: [POOL] },
  };
}

/** MetalLB reads `first-last` with both addresses whole; `172.18.255.200-250` it does not. */
function fullRange(addresses: string): string {
  const range = parseRange(addresses);
  if (range === undefined || addresses.includes("/")) return addresses;
  const { start, end, version } = range;
  return `${formatAddress(start, version)}-${formatAddress(end, version)}`;
}

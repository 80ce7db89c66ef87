// Ranges that addresses of Services come from, and the addresses, as their controllers read them.

import type { Condition, KindToken, KubernetesObject } from "../../kubernetes/index.ts";

export interface ServiceCidr extends KubernetesObject {
  readonly spec?: { readonly cidrs?: readonly string[] };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface IpAddress extends KubernetesObject {
  readonly spec?: {
    readonly parentRef?: {
      readonly group?: string;
      readonly resource?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
  };
}

const apiVersion = "networking.k8s.io/v1";

export const SERVICE_CIDR_KIND: KindToken<ServiceCidr> = { apiVersion, kind: "ServiceCIDR" };
export const IP_ADDRESS: KindToken<IpAddress> = { apiVersion, kind: "IPAddress" };

export const FAMILY_LABEL = "ipaddress.kubernetes.io/ip-family";
export const MANAGED_BY_LABEL = "ipaddress.kubernetes.io/managed-by";
export const ADDRESS_MANAGER = "ipallocator.k8s.io";

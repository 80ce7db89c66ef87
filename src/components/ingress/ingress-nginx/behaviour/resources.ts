// The parts of Ingress objects that ingress-nginx reads and writes. Mirrors networking.k8s.io/v1.

import type { KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";

export const INGRESS: KindRef = { apiVersion: "networking.k8s.io/v1", kind: "Ingress" };
export const INGRESS_CLASS: KindRef = { apiVersion: "networking.k8s.io/v1", kind: "IngressClass" };
export const SERVICE: KindRef = { apiVersion: "v1", kind: "Service" };

export interface IngressPath {
  readonly path?: string;
  readonly pathType: "Exact" | "Prefix" | "ImplementationSpecific";
  readonly backend: IngressBackendRef;
}

export interface IngressBackendRef {
  readonly service?: {
    readonly name: string;
    readonly port?: { readonly number?: number; readonly name?: string };
  };
}

export interface Ingress extends KubernetesObject {
  readonly spec: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackendRef;
    readonly tls?: readonly { readonly hosts?: readonly string[] }[];
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths: readonly IngressPath[] };
    }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

export interface IngressClass extends KubernetesObject {
  readonly spec: { readonly controller?: string };
}

const CONTROLLER = "k8s.io/ingress-nginx";
const DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

/** By its class, or as the default for those without one. */
export function isOurs(ingress: Ingress, classes: readonly IngressClass[]): boolean {
  const name =
    ingress.spec.ingressClassName ?? ingress.metadata.annotations?.["kubernetes.io/ingress.class"];
  return classes.some(
    ({ metadata, spec }) =>
      spec.controller === CONTROLLER &&
      (name === undefined
        ? metadata.annotations?.[DEFAULT_CLASS] === "true"
        : metadata.name === name),
  );
}

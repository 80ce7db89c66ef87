// The shape every Kubernetes object shares. Objects are shared and immutable once handed out.

import type { JsonObject } from "../core/index.ts";

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: JsonObject;
  readonly subresource?: string;
}

export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly uid?: string;
  /** Opaque outside the store. */
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Any object; kinds with a known shape narrow it with their own interface. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** `metav1.Condition`, shared by most status blocks. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/** What identifies one object on one cluster. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

export function refOf(object: KubernetesObject): ObjectRef {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  return namespace === undefined
    ? { apiVersion, kind, name }
    : { apiVersion, kind, name, namespace };
}

/** `apps/v1/Deployment/shop/web`: unique on one cluster, sortable. */
export function formatRef({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return [apiVersion, kind, namespace ?? "", name].join("/");
}

/** `deployment/web` or `deployment/web -n shop`, for people. */
export function displayRef({ kind, namespace, name }: ObjectRef): string {
  const short = `${kind.toLowerCase()}/${name}`;
  return namespace === undefined ? short : `${short} -n ${namespace}`;
}

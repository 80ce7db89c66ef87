// Namespaces and what every namespace is given, as their controllers read them.

import type { Condition, KindToken, KubernetesObject } from "../../kubernetes/index.ts";

export interface Namespace extends KubernetesObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

export interface Secret extends KubernetesObject {
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

export const NAMESPACE: KindToken<Namespace> = { apiVersion: "v1", kind: "Namespace" };
export const CONFIG_MAP: KindToken<ConfigMap> = { apiVersion: "v1", kind: "ConfigMap" };
export const SECRET: KindToken<Secret> = { apiVersion: "v1", kind: "Secret" };
export const SERVICE_ACCOUNT: KindToken<KubernetesObject> = {
  apiVersion: "v1",
  kind: "ServiceAccount",
};

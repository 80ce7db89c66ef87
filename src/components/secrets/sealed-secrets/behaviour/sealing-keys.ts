// Where the controller keeps its keys, and which of them it uses.

import type { KubernetesObject } from "../../../../kubernetes/index.ts";

export const KEY_NAMESPACE = "kube-system";
export const KEY_LABEL = "sealedsecrets.bitnami.com/sealed-secrets-key";

export function isActiveKey({ metadata }: KubernetesObject): boolean {
  return metadata.namespace === KEY_NAMESPACE && metadata.labels?.[KEY_LABEL] === "active";
}

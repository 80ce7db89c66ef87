// How spans name a pod.

import type { KubernetesObject } from "../../kubernetes/index.ts";

export const nameOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ""}/${metadata.name}`;

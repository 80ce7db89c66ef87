// Pods for tables of cases: without faults, but for what a case puts in.

import type { KubernetesObject } from "../../../kubernetes/index.ts";

const CONTAINER = { name: "a", image: "i" };

export function podWith(
  spec: object,
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "test", namespace: "default", annotations },
    spec: { serviceAccountName: "sa", containers: [CONTAINER], ...spec },
  };
}

export function podWithContainer(container: object, spec: object = {}): KubernetesObject {
  return podWith({ ...spec, containers: [{ ...CONTAINER, ...container }] });
}

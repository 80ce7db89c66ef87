// At rest `status.used` of every quota is what a count of the namespace gives.

import { parseQuantity } from "../../../src/core/index.ts";
import type { KubernetesObject } from "../../../src/kubernetes/index.ts";
import { fieldsOf, nameOf, ofKind, type Checker, type World } from "./checker.ts";

type Count = (world: World, namespace: string) => number;

const countOf =
  (kind: string): Count =>
  (world, namespace) =>
    ofKind(world, kind).filter(({ metadata }) => metadata.namespace === namespace).length;

const COUNTS: Readonly<Record<string, Count>> = {
  pods: (world, namespace) => livePods(world, namespace).length,
  configmaps: countOf("ConfigMap"),
  services: countOf("Service"),
  "count/deployments.apps": countOf("Deployment"),
  "requests.cpu": (world, namespace) =>
    livePods(world, namespace).reduce((sum, pod) => sum + requestedCpu(pod), 0),
};

export const quotaRecount: Checker = {
  name: "quota usage equals a recount",
  phase: "rest",
  check: (world) =>
    ofKind(world, "ResourceQuota").flatMap((quota) => {
      const used = (fieldsOf(quota, "status")["used"] ?? {}) as Readonly<Record<string, string>>;
      const hard = (fieldsOf(quota, "spec")["hard"] ?? {}) as Readonly<Record<string, string>>;
      return Object.keys(hard).flatMap((name) => {
        const counted = COUNTS[name]?.(world, quota.metadata.namespace ?? "");
        const said = amountOf(used[name] ?? "-1");
        return counted === undefined || Math.abs(counted - said) < 1e-6
          ? []
          : [`${nameOf(quota)} says ${name} ${used[name]}, there are ${counted}`];
      });
    }),
};

function livePods(world: World, namespace: string): readonly KubernetesObject[] {
  return ofKind(world, "Pod").filter((pod) => {
    const phase = fieldsOf(pod, "status")["phase"];
    return pod.metadata.namespace === namespace && phase !== "Succeeded" && phase !== "Failed";
  });
}

function requestedCpu(pod: KubernetesObject): number {
  const containers = (fieldsOf(pod, "spec")["containers"] ?? []) as readonly {
    readonly resources?: { readonly requests?: { readonly cpu?: string } };
  }[];
  return containers.reduce(
    (sum, { resources }) => sum + amountOf(resources?.requests?.cpu ?? "0"),
    0,
  );
}

function amountOf(text: string): number {
  return Number(parseQuantity(text)?.nanos ?? -1n) / 1e9;
}

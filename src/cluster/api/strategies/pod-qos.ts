// The quality of service class of a pod. Mirrors kubernetes pkg/apis/core/v1/helper/qos: Guaranteed when every container
// limits cpu and memory and requests exactly that, BestEffort when nothing is requested, else Burstable.

import { plainText, isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";

const COMPUTE: readonly string[] = ["cpu", "memory"];

export function qosClassOf(pod: KubernetesObject): "Guaranteed" | "Burstable" | "BestEffort" {
  const spec = isRecord(pod["spec"]) ? pod["spec"] : {};
  const containers = [...recordsIn(spec["containers"]), ...recordsIn(spec["initContainers"])];
  const resources = containers.map(({ resources: own }) => (isRecord(own) ? own : {}));
  const isAsked = resources.some((own) => asks(own["requests"]) || asks(own["limits"]));
  if (!isAsked) return "BestEffort";
  return resources.every(isGuaranteed) ? "Guaranteed" : "Burstable";
}

function isGuaranteed(resources: Readonly<Record<string, unknown>>): boolean {
  const limits = isRecord(resources["limits"]) ? resources["limits"] : {};
  const requests = isRecord(resources["requests"]) ? resources["requests"] : limits;
  return COMPUTE.every(
    (name) =>
      limits[name] !== undefined &&
      plainText(limits[name]) === plainText(requests[name] ?? limits[name]),
  );
}

function asks(list: unknown): boolean {
  return (
    isRecord(list) &&
    COMPUTE.some((name) => list[name] !== undefined && !/^0\D*$/.test(plainText(list[name])))
  );
}

function recordsIn(list: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

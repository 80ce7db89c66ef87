// What a LimitRange objects to in a pod or a claim, one sentence each, in the words of the server.
// Mirrors plugin/pkg/admission/limitranger @v1.36 (PodValidateLimitFunc, PersistentVolumeClaimValidateLimitFunc).

import { compareQuantities, formatQuantity, quantityMilliValue } from "../../core/index.ts";
import type { Quantity } from "../../core/index.ts";
import { podTotals, readQuantities } from "../quota/index.ts";
import type { Quantities } from "../quota/index.ts";
import type { KubernetesObject } from "../object.ts";
import type { Container, Pod } from "../scheduling/index.ts";
import { itemsOf } from "./limit-range.ts";
import type { LimitRange, LimitRangeItem } from "./limit-range.ts";

interface Stated {
  readonly requests: Quantities;
  readonly limits: Quantities;
}

export function podLimitFaults(pod: Pod, limitRange: LimitRange): readonly string[] {
  const { containers, initContainers = [] } = pod.spec;
  return itemsOf(limitRange).flatMap((item) => {
    if (item.type === "Container") {
      return [...containers, ...initContainers].flatMap((one) => faults(item, statedBy(one)));
    }
    if (item.type !== "Pod") return [];
    const options = { withoutOverhead: true };
    const requests = podTotals(pod.spec, "requests", options);
    return faults(item, { requests, limits: podTotals(pod.spec, "limits", options) });
  });
}

/** A claim has requests only; the largest size is held against those. */
export function claimLimitFaults(
  claim: KubernetesObject,
  limitRange: LimitRange,
): readonly string[] {
  const { resources } = (claim["spec"] ?? {}) as Pick<Container, "resources">;
  const requests = readQuantities(resources?.requests);
  return itemsOf(limitRange)
    .filter(({ type }) => type === "PersistentVolumeClaim")
    .flatMap((item) => [
      ...each(item.min, (name, least) => belowMin(item, name, least, { requests, limits: NONE })),
      ...each(item.max, (name, most) => aboveMaxRequest(item, name, most, requests)),
    ]);
}

const NONE: Quantities = new Map();

function statedBy({ resources }: Container): Stated {
  return {
    requests: readQuantities(resources?.requests),
    limits: readQuantities(resources?.limits),
  };
}

function faults(item: LimitRangeItem, stated: Stated): readonly string[] {
  return [
    ...each(item.min, (name, least) => belowMin(item, name, least, stated)),
    ...each(item.max, (name, most) => aboveMax(item, name, most, stated)),
    ...each(item.maxLimitRequestRatio, (name, most) => aboveRatio(item, name, most, stated)),
  ];
}

function each(
  list: LimitRangeItem["min"],
  judge: (name: string, bound: Quantity) => string | undefined,
): readonly string[] {
  const found = [...readQuantities(list)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return found.flatMap(([name, bound]) => judge(name, bound) ?? []);
}

function belowMin(
  { type }: LimitRangeItem,
  name: string,
  least: Quantity,
  { requests, limits }: Stated,
): string | undefined {
  const subject = `minimum ${name} usage per ${type} is ${formatQuantity(least)}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (request === undefined) return `${subject}.  No request is specified`;
  if (isLess(request, least)) return `${subject}, but request is ${formatQuantity(request)}`;
  if (limit !== undefined && isLess(limit, least)) {
    return `${subject}, but limit is ${formatQuantity(limit)}`;
  }
  return undefined;
}

function aboveMax(
  { type }: LimitRangeItem,
  name: string,
  most: Quantity,
  { requests, limits }: Stated,
): string | undefined {
  const subject = `maximum ${name} usage per ${type} is ${formatQuantity(most)}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (limit === undefined) return `${subject}.  No limit is specified`;
  if (isLess(most, limit)) return `${subject}, but limit is ${formatQuantity(limit)}`;
  if (request !== undefined && isLess(most, request)) {
    return `${subject}, but request is ${formatQuantity(request)}`;
  }
  return undefined;
}

function aboveMaxRequest(
  { type }: LimitRangeItem,
  name: string,
  most: Quantity,
  requests: Quantities,
): string | undefined {
  const subject = `maximum ${name} usage per ${type} is ${formatQuantity(most)}`;
  const request = requests.get(name);
  if (request === undefined) return `${subject}.  No request is specified`;
  return isLess(most, request)
    ? `${subject}, but request is ${formatQuantity(request)}`
    : undefined;
}

function aboveRatio(
  { type }: LimitRangeItem,
  name: string,
  most: Quantity,
  { requests, limits }: Stated,
): string | undefined {
  const subject = `${name} max limit to request ratio per ${type} is ${formatQuantity(most)}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (request === undefined || request.nanos === 0n) {
    return `${subject}, but no request is specified or request is 0`;
  }
  if (limit === undefined || limit.nanos === 0n) {
    return `${subject}, but no limit is specified or limit is 0`;
  }
  const ratio = quantityMilliValue(limit) / quantityMilliValue(request);
  return ratio * 1000 > quantityMilliValue(most)
    ? `${subject}, but provided ratio is ${ratio.toFixed(6)}`
    : undefined;
}

function isLess(a: Quantity, b: Quantity): boolean {
  return compareQuantities(a, b) < 0;
}

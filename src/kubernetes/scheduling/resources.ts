// What a pod asks of its node, as numbers: CPU in thousandths of a core, everything else in whole units.
// Mirrors component-helpers resource/helpers.go (PodRequests): containers add up, init containers count by
// their maximum, sidecars run beside both.

import { parseQuantity, quantityMilliValue, quantityValue } from "../../core/index.ts";
import type { Container, ResourceList } from "./container.ts";
import type { PodSpec } from "./pod.ts";

/** Resource name → amount; `cpu` in thousandths, others in bytes or pieces. */
export type Amounts = ReadonlyMap<string, number>;

const parsed = new Map<string, number>();
/** Distinct quantities in one cluster are few; the limit only guards against made-up input. */
const PARSED_MAX = 10_000;

/** Zero for text that is no quantity: the API refuses it before anybody schedules it. */
export function resourceAmount(resource: string, quantity: string | number): number {
  const key = resource === "cpu" ? `cpu ${quantity}` : String(quantity);
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const value = parseQuantity(quantity);
  const whole = resource === "cpu" ? quantityMilliValue : quantityValue;
  const amount = value === undefined ? 0 : whole(value);
  if (parsed.size >= PARSED_MAX) parsed.clear();
  parsed.set(key, amount);
  return amount;
}

export function parseAmounts(list: ResourceList | undefined): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const [resource, quantity] of Object.entries(list ?? {})) {
    amounts.set(resource, resourceAmount(resource, quantity));
  }
  return amounts;
}

/** Pods with equal specs share the answer; a spec is immutable once it is in the store. */
const requestsOf = new WeakMap<PodSpec, Amounts>();
const nonZeroOf = new WeakMap<PodSpec, Amounts>();

/** The pod's effective requests; a limit without a request counts as the request. */
export function podRequests(spec: PodSpec): Amounts {
  const known = requestsOf.get(spec);
  if (known !== undefined) return known;
  const total = sumRequests(spec, containerRequests);
  requestsOf.set(spec, total);
  return total;
}

/** What a container without requests counts as for scores, so that such pods spread too (util/pod_resources.go). */
const ASSUMED: Amounts = new Map([
  ["cpu", 100],
  ["memory", 200 * 1024 * 1024],
]);

/** The requests that scores are made of: every container asks for some CPU and memory. */
export function podNonZeroRequests(spec: PodSpec): Amounts {
  const known = nonZeroOf.get(spec);
  if (known !== undefined) return known;
  const total = sumRequests(
    spec,
    (container) => new Map([...ASSUMED, ...containerRequests(container)]),
  );
  nonZeroOf.set(spec, total);
  return total;
}

function sumRequests(spec: PodSpec, requestsOfOne: (container: Container) => Amounts): Amounts {
  const total = new Map<string, number>();
  for (const container of spec.containers) addAll(total, requestsOfOne(container));
  atLeast(total, initRequests(spec.initContainers ?? [], total, requestsOfOne));
  for (const [resource, amount] of parseAmounts(spec.resources?.requests)) {
    total.set(resource, amount);
  }
  addAll(total, parseAmounts(spec.overhead));
  return total;
}

/** Adds the sidecars to `total` and returns the highest need of any moment before the main containers run. */
function initRequests(
  containers: readonly Container[],
  total: Map<string, number>,
  requestsOfOne: (container: Container) => Amounts,
): Amounts {
  const sidecars = new Map<string, number>();
  const highest = new Map<string, number>();
  for (const container of containers) {
    const requests = requestsOfOne(container);
    if (container.restartPolicy === "Always") {
      addAll(total, requests);
      addAll(sidecars, requests);
      atLeast(highest, sidecars);
    } else {
      const together = new Map(requests);
      addAll(together, sidecars);
      atLeast(highest, together);
    }
  }
  return highest;
}

function containerRequests({ resources }: Container): Amounts {
  const amounts = parseAmounts(resources?.limits);
  for (const [resource, amount] of parseAmounts(resources?.requests)) amounts.set(resource, amount);
  return amounts;
}

function addAll(total: Map<string, number>, amounts: Amounts): void {
  for (const [resource, amount] of amounts) {
    total.set(resource, (total.get(resource) ?? 0) + amount);
  }
}

function atLeast(total: Map<string, number>, amounts: Amounts): void {
  for (const [resource, amount] of amounts) {
    if (amount > (total.get(resource) ?? 0)) total.set(resource, amount);
  }
}

// What a pod asks for as a whole: containers add up, init containers count by their maximum, sidecars run beside both, and
// what the pod states itself wins. Exact quantities. Mirrors component-helpers resource/helpers.go (PodRequests, PodLimits).

import { addQuantities } from "../../core/index.ts";
import type { Quantity } from "../../core/index.ts";
import type { Container, ContainerStatus, Pod, PodSpec } from "../scheduling/index.ts";
import { addAllQuantities, raiseQuantities, readQuantities } from "./quantities.ts";
import type { Quantities } from "./quantities.ts";

export type ResourceField = "requests" | "limits";

export interface PodTotalsOptions {
  /** The overhead of the pod's runtime class is left out. */
  readonly withoutOverhead?: boolean;
  /** A container being resized counts with the larger of what it has and what it will have. */
  readonly statuses?: Pod["status"];
}

export function podTotals(
  spec: PodSpec,
  field: ResourceField,
  options: PodTotalsOptions = {},
): Map<string, Quantity> {
  const total = containerTotals(spec, field, options.statuses);
  const own = (spec.resources as Container["resources"])?.[field];
  for (const [name, quantity] of readQuantities(own)) {
    if (isPodLevel(name)) total.set(name, quantity);
  }
  if (options.withoutOverhead !== true) addOverhead(total, spec, field);
  return total;
}

function containerTotals(
  { containers, initContainers = [] }: PodSpec,
  field: ResourceField,
  status: Pod["status"],
): Map<string, Quantity> {
  const total = new Map<string, Quantity>();
  for (const container of containers) {
    addAllQuantities(total, resourcesOf(container, field, status?.containerStatuses));
  }
  const sidecars = new Map<string, Quantity>();
  const highest = new Map<string, Quantity>();
  for (const container of initContainers) {
    const own = resourcesOf(container, field, status?.initContainerStatuses);
    if (container.restartPolicy === "Always") {
      addAllQuantities(total, own);
      addAllQuantities(sidecars, own);
      raiseQuantities(highest, sidecars);
    } else {
      const together = new Map(own);
      addAllQuantities(together, sidecars);
      raiseQuantities(highest, together);
    }
  }
  raiseQuantities(total, highest);
  return total;
}

type ResizedStatus = ContainerStatus & {
  readonly resources?: Container["resources"];
  readonly allocatedResources?: Readonly<Record<string, string>>;
};

function resourcesOf(
  { name, resources }: Container,
  field: ResourceField,
  statuses: readonly ResizedStatus[] | undefined,
): Quantities {
  const asked = readQuantities(resources?.[field]);
  const status = statuses?.find((one) => one.name === name);
  if (status?.resources === undefined) return asked;
  raiseQuantities(asked, readQuantities(status.resources[field]));
  if (field === "requests") raiseQuantities(asked, readQuantities(status.allocatedResources));
  return asked;
}

function isPodLevel(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

/** Requests grow by the overhead; limits only where there is one. */
function addOverhead(
  total: Map<string, Quantity>,
  { overhead }: PodSpec,
  field: ResourceField,
): void {
  for (const [name, quantity] of readQuantities(overhead)) {
    const known = total.get(name);
    if (field === "requests") {
      total.set(name, known === undefined ? quantity : addQuantities(known, quantity));
    } else if (known !== undefined && known.nanos !== 0n) {
      total.set(name, addQuantities(known, quantity));
    }
  }
}

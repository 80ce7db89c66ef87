// What a kubelet tells about the containers it starts and kills, in its words (pkg/kubelet/kuberuntime, prober) v1.36.

import type { Container, Pod } from "../../kubernetes/index.ts";
import { deriveOnce } from "../store/index.ts";
import type { DeriveOnce } from "../store/index.ts";

export interface StageEvent {
  readonly reason: string;
  readonly message: string;
  readonly type?: "Warning";
}

/** Simulated images are there already. */
export function startEvents(containers: readonly Container[]): readonly StageEvent[] {
  return startsOnce(containers, [], () => eventsOfStarts(containers));
}

/** Pods of one template start the same containers. */
const startsOnce: DeriveOnce<readonly StageEvent[]> = deriveOnce();

function eventsOfStarts(containers: readonly Container[]): readonly StageEvent[] {
  return containers.flatMap((container) => [
    pulledEvent(container),
    { reason: "Created", message: "Container created" },
    { reason: "Started", message: "Container started" },
  ]);
}

export function pulledEvent({ image = "" }: Container): StageEvent {
  const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
  return { reason: "Pulled", message };
}

export function pullingEvents(containers: readonly Container[]): readonly StageEvent[] {
  return containers.map(({ image = "" }) => ({
    reason: "Pulling",
    message: `Pulling image "${image}"`,
  }));
}

export function stoppingEvents({ status }: Pod): readonly StageEvent[] {
  return (status?.containerStatuses ?? [])
    .filter(({ state }) => state?.running !== undefined)
    .map(({ name }) => ({ reason: "Killing", message: `Stopping container ${name}` }));
}

/** Of a container that is restarted because its resources change. */
export function resizeEvents(container: Container): readonly StageEvent[] {
  const message = `Container ${container.name} resize requires restart`;
  return [{ reason: "Killing", message }, ...startEvents([container])];
}

export function backOffEvent({ metadata, spec }: Pod, container?: string): StageEvent {
  const { name, namespace, uid } = metadata;
  return {
    type: "Warning",
    reason: "BackOff",
    message: `Back-off restarting failed container ${container ?? spec.containers[0]?.name} in pod ${name}_${namespace}(${uid})`,
  };
}

export type ProbeKind = "Liveness" | "Readiness" | "Startup";

/** With names: of the containers that are killed for it. */
export function unhealthyEvents(
  probe: ProbeKind,
  names: readonly string[] = [],
): readonly StageEvent[] {
  const reason = "Unhealthy";
  return [
    {
      type: "Warning",
      reason,
      message: `${probe} probe failed: the simulated container does not answer`,
    },
    ...names.map((name) => ({
      reason: "Killing",
      message: `Container ${name} failed ${probe.toLowerCase()} probe, will be restarted`,
    })),
  ];
}

// Writes what a Flux controller says of its object, only when a person could tell the difference.

import { deepEqual, formatInstant, type Clock } from "../../../../core/index.ts";
import type {
  Condition,
  ControllerContext,
  KubeApi,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import { refOf } from "../../../../kubernetes/index.ts";
import { REQUESTED_AT, type FluxStatus } from "./resources.ts";

export interface Finding {
  readonly type: string;
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
}

export interface Writer {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly manager: string;
  readonly event: ControllerContext["event"];
}

export const ready = (
  status: Condition["status"],
  reason: string,
  message: string,
): readonly Finding[] => [
  { type: "Ready", status, reason, message },
  // As long as it works on something it says so: fluxcd/pkg/apis/meta/conditions.go.
  ...(status === "Unknown"
    ? [{ type: "Reconciling", status: "True", reason, message } as const]
    : []),
];

export async function writeStatus(
  { api, clock, manager }: Writer,
  object: KubernetesObject,
  findings: readonly Finding[],
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const old = object["status"] as FluxStatus | undefined;
  const { generation = 1, annotations = {} } = object.metadata;
  const handled = annotations[REQUESTED_AT];
  const status = {
    ...old,
    ...fields,
    conditions: findings.map((finding) => conditionOf(finding, old, generation, clock)),
    observedGeneration: generation,
    ...(handled === undefined ? {} : { lastHandledReconcileAt: handled }),
  };
  if (deepEqual(old, status)) return;
  const body = { status };
  await api.patch(
    refOf(object),
    { type: "merge", body },
    { subresource: "status", fieldManager: manager },
  );
}

function conditionOf(
  { type, status, reason, message }: Finding,
  old: FluxStatus | undefined,
  observedGeneration: number,
  clock: Clock,
): Condition {
  const known = old?.conditions?.find((condition) => condition.type === type);
  const since = known?.status === status ? known.lastTransitionTime : undefined;
  const lastTransitionTime = since ?? formatInstant(clock.now());
  return { type, status, reason, message, observedGeneration, lastTransitionTime };
}

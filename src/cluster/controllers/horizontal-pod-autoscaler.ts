// Keeps the size of a workload between an autoscaler's bounds and reports on metrics. Without a metrics API nothing is
// scaled by load; the conditions say so. Mirrors pkg/controller/podautoscaler/horizontal.go.

import { formatInstant } from "../../core/index.ts";
import { informerOf, isNotFound } from "../../kubernetes/index.ts";
import type {
  Condition,
  Controller,
  ControllerContext,
  KubernetesObject,
  ObjectRef,
} from "../../kubernetes/index.ts";
import {
  describeInvalidMetrics,
  describeMissingMetric,
  failureReason,
} from "./autoscaler-status.ts";
import { withCondition } from "./conditions.ts";
import type { ConditionUpdate } from "./conditions.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { HORIZONTAL_POD_AUTOSCALER } from "./policy-kinds.ts";
import type { HorizontalPodAutoscaler } from "./policy-kinds.ts";
import { DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from "./workload-kinds.ts";
import { writeStatus } from "./write-status.ts";

/** `--horizontal-pod-autoscaler-sync-period`. Targets of the usual kinds are watched instead. */
const SYNC_MS = 15_000;

interface Scale extends KubernetesObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

/** What one look at a target came to. */
interface Finding {
  readonly conditions: readonly ConditionUpdate[];
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly currentMetrics: readonly object[] | null;
  readonly rescaled: boolean;
}

const WATCHED = [DEPLOYMENT, STATEFUL_SET, REPLICA_SET];

export function horizontalPodAutoscalerController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const autoscalers = informerOf(context, HORIZONTAL_POD_AUTOSCALER);

  const rescale = async (
    autoscaler: HorizontalPodAutoscaler,
    replicas: number,
    reason: string,
  ): Promise<void> => {
    const body = { spec: { replicas } };
    await api.patch(targetOf(autoscaler), { type: "merge", body }, { subresource: "scale" });
    context.event(
      autoscaler,
      "Normal",
      "SuccessfulRescale",
      `New size: ${replicas}; reason: ${reason}`,
    );
  };
  const look = async (autoscaler: HorizontalPodAutoscaler): Promise<Finding> => {
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    const desiredReplicas = autoscaler.status?.desiredReplicas ?? 0;
    let scale: Scale;
    try {
      scale = (await api.get(targetOf(autoscaler), { subresource: "scale" })) as Scale;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return targetMissing(context, autoscaler, error);
    }
    const current = scale.spec?.replicas ?? 0;
    if (current === 0 && minReplicas !== 0) return scalingDisabled();
    const bounded = Math.min(Math.max(current, minReplicas), maxReplicas);
    if (bounded !== current) {
      const side = current > maxReplicas ? "above Spec.MaxReplicas" : "below Spec.MinReplicas";
      await rescale(autoscaler, bounded, `Current number of replicas ${side}`);
      return rescaledTo(current, bounded);
    }
    return withoutMetrics(context, autoscaler, {
      current: scale.status?.replicas ?? current,
      desired: desiredReplicas,
    });
  };
  const sync = async (
    autoscaler: HorizontalPodAutoscaler,
  ): Promise<{ requeueAfterMs: number } | void> => {
    const finding = await look(autoscaler);
    const at = formatInstant(clock.now());
    let conditions: readonly Condition[] = autoscaler.status?.conditions ?? [];
    for (const update of finding.conditions) conditions = withCondition(conditions, update, at);
    const { observedGeneration, lastScaleTime } = autoscaler.status ?? {};
    const scaledAt = finding.rescaled ? at : lastScaleTime;
    await writeStatus(context, autoscaler, {
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
      ...(scaledAt === undefined ? {} : { lastScaleTime: scaledAt }),
      ...(finding.currentReplicas === 0 ? {} : { currentReplicas: finding.currentReplicas }),
      desiredReplicas: finding.desiredReplicas,
      ...(finding.currentMetrics === null ? {} : { currentMetrics: finding.currentMetrics }),
      conditions,
    });
    const { kind } = autoscaler.spec.scaleTargetRef;
    return WATCHED.some((token) => token.kind === kind) ? undefined : { requeueAfterMs: SYNC_MS };
  };

  return {
    name: "horizontal-pod-autoscaler",
    setup(enqueue) {
      // As the real one, whose queue hands a key out one period after it was added.
      const enqueueLater = (autoscaler: HorizontalPodAutoscaler): void =>
        enqueue(objectKey(autoscaler), SYNC_MS);
      autoscalers.onChange((current, old) => {
        if (current !== undefined && current.spec !== old?.spec) enqueueLater(current);
      });
      for (const token of WATCHED) {
        context.informer(token).onChange((current, old) => {
          const object = current ?? old;
          if (object === undefined || sizeOf(current) === sizeOf(old)) return;
          for (const autoscaler of autoscalers.list(object.metadata.namespace)) {
            const { kind, name } = autoscaler.spec.scaleTargetRef;
            if (kind === object.kind && name === object.metadata.name) enqueueLater(autoscaler);
          }
        });
      }
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const autoscaler = autoscalers.get(name, namespace);
      return autoscaler === undefined ? undefined : sync(autoscaler);
    },
  };
}

/** What of a target an autoscaler acts on: the size asked for and the size there is. */
function sizeOf(target: KubernetesObject | undefined): string {
  // Workloads and Scales have these fields alike.
  const { spec, status } = (target ?? {}) as Partial<Scale>;
  return `${spec?.replicas}/${status?.replicas}`;
}

function targetOf({ spec, metadata }: HorizontalPodAutoscaler): ObjectRef {
  const { apiVersion = "v1", kind, name } = spec.scaleTargetRef;
  return { apiVersion, kind, name, namespace: metadata.namespace };
}

const GOT_SCALE: ConditionUpdate = {
  type: "AbleToScale",
  status: "True",
  reason: "SucceededGetScale",
  message: "the HPA controller was able to get the target's current scale",
};

function targetMissing(
  context: ControllerContext,
  autoscaler: HorizontalPodAutoscaler,
  error: Error,
): Finding {
  const message = `the HPA controller was unable to get the target's current scale: ${error.message}`;
  report(context, autoscaler, "AbleToScale", "FailedGetScale", error.message);
  return {
    conditions: [{ type: "AbleToScale", status: "False", reason: "FailedGetScale", message }],
    currentReplicas: autoscaler.status?.currentReplicas ?? 0,
    desiredReplicas: autoscaler.status?.desiredReplicas ?? 0,
    currentMetrics: null,
    rescaled: false,
  };
}

function scalingDisabled(): Finding {
  const message = "scaling is disabled since the replica count of the target is zero";
  const disabled = {
    type: "ScalingActive",
    status: "False" as const,
    reason: "ScalingDisabled",
    message,
  };
  return {
    conditions: [GOT_SCALE, disabled],
    currentReplicas: 0,
    desiredReplicas: 0,
    currentMetrics: null,
    rescaled: false,
  };
}

function rescaledTo(currentReplicas: number, desiredReplicas: number): Finding {
  const message = `the HPA controller was able to update the target scale to ${desiredReplicas}`;
  const scaled = {
    type: "AbleToScale",
    status: "True" as const,
    reason: "SucceededRescale",
    message,
  };
  return {
    conditions: [scaled],
    currentReplicas,
    desiredReplicas,
    currentMetrics: null,
    rescaled: true,
  };
}

function withoutMetrics(
  context: ControllerContext,
  autoscaler: HorizontalPodAutoscaler,
  { current, desired }: { readonly current: number; readonly desired: number },
): Finding {
  const { metrics = [] } = autoscaler.spec;
  const [first] = metrics;
  const counts = { currentReplicas: current, desiredReplicas: desired, rescaled: false };
  if (first === undefined) return { ...counts, conditions: [GOT_SCALE], currentMetrics: null };
  const why = describeMissingMetric(first);
  const reason = failureReason(first);
  if (report(context, autoscaler, "ScalingActive", reason, why) === "news") {
    const summary = describeInvalidMetrics(metrics, why);
    context.event(autoscaler, "Warning", "FailedComputeMetricsReplicas", summary);
  }
  const message = `the HPA was unable to compute the replica count: ${why}`;
  const inactive = { type: "ScalingActive", status: "False" as const, reason, message };
  return { ...counts, conditions: [GOT_SCALE, inactive], currentMetrics: [{ type: "" }] };
}

/** Events say what is new; a condition that has this reason already has told it. */
function report(
  context: ControllerContext,
  autoscaler: HorizontalPodAutoscaler,
  type: string,
  reason: string,
  message: string,
): "news" | "known" {
  const current = autoscaler.status?.conditions?.find((condition) => condition.type === type);
  if (current?.reason === reason) return "known";
  context.event(autoscaler, "Warning", reason, message);
  return "news";
}

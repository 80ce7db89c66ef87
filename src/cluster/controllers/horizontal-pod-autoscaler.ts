// Sizes a target by the metrics of its pods, within bounds and rates. Mirrors kubernetes
// pkg/controller/podautoscaler/horizontal.go v1.36. While none of an autoscaler's metrics has an API, it is looked at
// only when something changes.

import { formatInstant } from "../../core/index.ts";
import { informerOf, isNotFound } from "../../kubernetes/index.ts";
import type {
  Condition,
  Controller,
  ControllerContext,
  ControllerFactory,
  KubernetesObject,
  ObjectRef,
  Pod,
} from "../../kubernetes/index.ts";
import { API_SERVICE } from "./api-service-availability.ts";
import { computeReplicas } from "./autoscaling/compute-replicas.ts";
import type { Computation } from "./autoscaling/compute-replicas.ts";
import { DEFAULT_PERIODS } from "./autoscaling/group-pods.ts";
import { createMetricsClient } from "./autoscaling/metrics-client.ts";
import type { MetricsApis } from "./autoscaling/metrics-client.ts";
import { isMeasurable, NO_METRICS_APIS, tolerancesOf } from "./autoscaling/autoscaler-spec.ts";
import { normalizeReplicas } from "./autoscaling/normalize-replicas.ts";
import { computeEvent, report, tellFailures } from "./autoscaling/report.ts";
import { createScaleHistory, withScaleEvent } from "./autoscaling/scale-history.ts";
import type { ScaleHistory } from "./autoscaling/scale-history.ts";
import { createTargetPods, isPods } from "./autoscaling/target-pods.ts";
import { withCondition } from "./conditions.ts";
import type { ConditionUpdate } from "./conditions.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { HORIZONTAL_POD_AUTOSCALER } from "./policy-kinds.ts";
import type { HorizontalPodAutoscaler } from "./policy-kinds.ts";
import { DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from "./workload-kinds.ts";
import { writeStatus } from "./write-status.ts";

/** `--horizontal-pod-autoscaler-sync-period`. */
const SYNC_MS = 15_000;

interface Scale extends KubernetesObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
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

/** `apis` answer for metrics; absent: there are none. */
export function horizontalPodAutoscalerController(
  apis: MetricsApis = NO_METRICS_APIS,
): ControllerFactory {
  return (context) => createAutoscaler(context, apis);
}

function createAutoscaler(context: ControllerContext, apis: MetricsApis): Controller {
  const { api, clock } = context;
  const autoscalers = informerOf(context, HORIZONTAL_POD_AUTOSCALER);
  const client = createMetricsClient(apis);
  const targets = createTargetPods(context);
  const histories = new Map<string, ScaleHistory>();
  const plurals = new Map<string, string>();

  const learnPlurals = async ({ spec }: HorizontalPodAutoscaler): Promise<void> => {
    const described = (spec.metrics ?? []).flatMap(({ object }) => object?.describedObject ?? []);
    const unknown = described.filter(
      ({ apiVersion = "v1", kind }) => !plurals.has(`${apiVersion}/${kind}`),
    );
    if (unknown.length === 0) return;
    for (const { apiVersion, kind, resource } of await api.discovery()) {
      plurals.set(`${apiVersion}/${kind}`, resource);
    }
  };
  const rescale = async (
    autoscaler: HorizontalPodAutoscaler,
    { from, to, reason }: { readonly from: number; readonly to: number; readonly reason: string },
  ): Promise<ConditionUpdate> => {
    try {
      const body = { spec: { replicas: to } };
      await api.patch(targetOf(autoscaler), { type: "merge", body }, { subresource: "scale" });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `New size: ${to}; reason: ${reason}; error: ${why}`;
      context.event(autoscaler, "Warning", "FailedRescale", message);
      throw error;
    }
    context.event(autoscaler, "Normal", "SuccessfulRescale", `New size: ${to}; reason: ${reason}`);
    rememberScaling(autoscaler, from, to);
    return {
      type: "AbleToScale",
      status: "True",
      reason: "SucceededRescale",
      message: `the HPA controller was able to update the target scale to ${to}`,
    };
  };
  const rememberScaling = (autoscaler: HorizontalPodAutoscaler, from: number, to: number): void => {
    const { behavior } = autoscaler.spec;
    const history = histories.get(objectKey(autoscaler));
    if (behavior === undefined || history === undefined) return;
    const event = { change: Math.abs(to - from), at: clock.now() };
    if (to > from) {
      history.scaleUps = withScaleEvent(history.scaleUps, event, behavior.scaleUp ?? {});
    } else {
      history.scaleDowns = withScaleEvent(history.scaleDowns, event, behavior.scaleDown ?? {});
    }
  };
  const compute = (
    autoscaler: HorizontalPodAutoscaler,
    scale: Scale,
    found: readonly Pod[],
  ): Computation => {
    const { metrics = [], behavior } = autoscaler.spec;
    return computeReplicas(metrics, {
      client,
      pods: found,
      namespace: autoscaler.metadata.namespace ?? "",
      selector: scale.status?.selector ?? "",
      currentReplicas: scale.spec?.replicas ?? 0,
      statusReplicas: scale.status?.replicas ?? 0,
      tolerances: tolerancesOf(behavior),
      now: clock.now(),
      periods: DEFAULT_PERIODS,
      pluralOf: (apiVersion, kind) => plurals.get(`${apiVersion}/${kind}`) ?? "",
    });
  };
  const byMetrics = async (autoscaler: HorizontalPodAutoscaler, scale: Scale): Promise<Finding> => {
    const current = scale.spec?.replicas ?? 0;
    const held = { currentReplicas: current, rescaled: false };
    const desiredReplicas = autoscaler.status?.desiredReplicas ?? 0;
    const found = targets.podsOf(autoscaler, scale.status?.selector ?? "");
    if (!isPods(found)) {
      report(context, autoscaler, computeEvent(found, found.message ?? ""));
      return { ...held, desiredReplicas, conditions: [GOT_SCALE, found], currentMetrics: [] };
    }
    const computed = compute(autoscaler, scale, found);
    tellFailures(context, autoscaler, computed);
    const { statuses: currentMetrics, replicas, metric } = computed;
    if (replicas === undefined) {
      const conditions = [GOT_SCALE, computed.condition];
      return { ...held, desiredReplicas, conditions, currentMetrics };
    }
    const { minReplicas = 1, maxReplicas, behavior } = autoscaler.spec;
    const history =
      histories.get(objectKey(autoscaler)) ?? createScaleHistory(current, clock.now());
    const wish = {
      current,
      desired: replicas,
      min: minReplicas,
      max: maxReplicas,
      now: clock.now(),
    };
    const { replicas: next, conditions } = normalizeReplicas(wish, history, behavior);
    const known = [computed.condition, ...conditions];
    if (next === current) {
      return { ...held, desiredReplicas: current, conditions: known, currentMetrics };
    }
    const reason =
      replicas > current
        ? `${metric} above target`
        : replicas < current
          ? "All metrics below target"
          : "";
    const scaled = await rescale(autoscaler, { from: current, to: next, reason });
    const after = {
      currentReplicas: current,
      desiredReplicas: next,
      currentMetrics,
      rescaled: true,
    };
    return { ...after, conditions: [...known, scaled] };
  };
  const look = async (autoscaler: HorizontalPodAutoscaler): Promise<Finding> => {
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    let scale: Scale;
    try {
      scale = (await api.get(targetOf(autoscaler), { subresource: "scale" })) as Scale;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return targetMissing(context, autoscaler, error);
    }
    const current = scale.spec?.replicas ?? 0;
    const key = objectKey(autoscaler);
    if (!histories.has(key)) histories.set(key, createScaleHistory(current, clock.now()));
    if (current === 0 && minReplicas !== 0) return scalingDisabled();
    const bounded = Math.min(Math.max(current, minReplicas), maxReplicas);
    if (bounded === current) return byMetrics(autoscaler, scale);
    const side = current > maxReplicas ? "above Spec.MaxReplicas" : "below Spec.MinReplicas";
    const reason = `Current number of replicas ${side}`;
    const scaled = await rescale(autoscaler, { from: current, to: bounded, reason });
    const counts = { currentReplicas: current, desiredReplicas: bounded };
    return { ...counts, conditions: [scaled], currentMetrics: null, rescaled: true };
  };
  const sync = async (
    autoscaler: HorizontalPodAutoscaler,
  ): Promise<{ requeueAfterMs: number } | void> => {
    await learnPlurals(autoscaler);
    const finding = await look(autoscaler);
    await writeStatus(context, autoscaler, statusOf(autoscaler, finding, clock.now()));
    const { kind } = autoscaler.spec.scaleTargetRef;
    const isWatched = WATCHED.some((token) => token.kind === kind);
    if (isWatched && !isMeasurable(autoscaler, apis)) return undefined;
    return { requeueAfterMs: SYNC_MS };
  };

  return {
    name: "horizontal-pod-autoscaler",
    setup(enqueue) {
      // As the real one, whose queue hands a key out one period after it was added.
      const enqueueLater = (autoscaler: HorizontalPodAutoscaler): void =>
        enqueue(objectKey(autoscaler), SYNC_MS);
      autoscalers.onChange((current, old) => {
        if (current !== undefined && current.spec !== old?.spec) enqueueLater(current);
        if (current !== undefined || old === undefined) return;
        targets.forget(old);
        histories.delete(objectKey(old));
      });
      context.informer(API_SERVICE).onChange(() => {
        for (const autoscaler of autoscalers.list()) enqueueLater(autoscaler);
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

function statusOf(autoscaler: HorizontalPodAutoscaler, finding: Finding, now: number): object {
  const at = formatInstant(now);
  let conditions: readonly Condition[] = autoscaler.status?.conditions ?? [];
  for (const update of finding.conditions) conditions = withCondition(conditions, update, at);
  const { observedGeneration, lastScaleTime } = autoscaler.status ?? {};
  const scaledAt = finding.rescaled ? at : lastScaleTime;
  return {
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(scaledAt === undefined ? {} : { lastScaleTime: scaledAt }),
    ...(finding.currentReplicas === 0 ? {} : { currentReplicas: finding.currentReplicas }),
    desiredReplicas: finding.desiredReplicas,
    ...(finding.currentMetrics === null ? {} : { currentMetrics: finding.currentMetrics }),
    conditions,
  };
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
  const event = { reason: "FailedGetScale", message: error.message };
  report(context, autoscaler, { type: "AbleToScale", message, event });
  return {
    conditions: [{ type: "AbleToScale", status: "False", reason: "FailedGetScale", message }],
    currentReplicas: autoscaler.status?.currentReplicas ?? 0,
    desiredReplicas: autoscaler.status?.desiredReplicas ?? 0,
    currentMetrics: null,
    rescaled: false,
  };
}

function scalingDisabled(): Finding {
  const disabled = {
    type: "ScalingActive",
    status: "False" as const,
    reason: "ScalingDisabled",
    message: "scaling is disabled since the replica count of the target is zero",
  };
  return {
    conditions: [GOT_SCALE, disabled],
    currentReplicas: 0,
    desiredReplicas: 0,
    currentMetrics: null,
    rescaled: false,
  };
}

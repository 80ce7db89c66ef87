// Conversions of built-in kinds that are served in two versions: events and horizontal pod autoscalers.
// Mirrors kubernetes pkg/apis/events/v1/conversion.go and pkg/apis/autoscaling/v1/conversion.go.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { numberAt, recordAt, recordsAt } from "../validation/fields.ts";

type Converter = (object: KubernetesObject) => KubernetesObject;
type Scope = Readonly<Record<string, unknown>>;

/** New name → old name. */
const EVENT_FIELDS: Readonly<Record<string, string>> = {
  regarding: "involvedObject",
  note: "message",
  deprecatedSource: "source",
  deprecatedFirstTimestamp: "firstTimestamp",
  deprecatedLastTimestamp: "lastTimestamp",
  deprecatedCount: "count",
  reportingController: "reportingComponent",
};

function rename(
  object: KubernetesObject,
  names: Readonly<Record<string, string>>,
): KubernetesObject {
  const entries = Object.entries(object).map(([key, value]) => [names[key] ?? key, value] as const);
  // Identity fields are not among the renamed ones.
  return Object.fromEntries(entries) as unknown as KubernetesObject;
}

const OLD_EVENT_FIELDS = Object.fromEntries(
  Object.entries(EVENT_FIELDS).map(([newName, oldName]) => [oldName, newName]),
);

function isCpuUtilization(metric: Scope): boolean {
  const target = recordAt(recordAt(metric, "resource"), "target");
  return (
    metric["type"] === "Resource" &&
    recordAt(metric, "resource")["name"] === "cpu" &&
    target["type"] === "Utilization"
  );
}

function autoscalerToV1(object: KubernetesObject): KubernetesObject {
  const { metrics: _metrics, behavior: _behavior, ...spec } = recordAt(object, "spec");
  const status = recordAt(object, "status");
  const { currentMetrics: _current, conditions: _conditions, ...rest } = status;
  const cpu = recordsAt(recordAt(object, "spec"), "metrics").find(isCpuUtilization);
  const wanted =
    cpu && numberAt(recordAt(recordAt(cpu, "resource"), "target"), "averageUtilization");
  const measured = recordsAt(status, "currentMetrics").find(
    (metric) => recordAt(metric, "resource")["name"] === "cpu",
  );
  const current =
    measured && numberAt(recordAt(recordAt(measured, "resource"), "current"), "averageUtilization");
  return {
    ...object,
    spec: { ...spec, ...(wanted === undefined ? {} : { targetCPUUtilizationPercentage: wanted }) },
    status: {
      currentReplicas: 0,
      ...rest,
      ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }),
    },
  };
}

function autoscalerToV2(object: KubernetesObject): KubernetesObject {
  const { targetCPUUtilizationPercentage: wanted, ...spec } = recordAt(object, "spec");
  const { currentCPUUtilizationPercentage: _current, ...status } = recordAt(object, "status");
  const cpu = {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: wanted ?? 80 } },
  };
  return {
    ...object,
    spec: { ...spec, metrics: [cpu] },
    status: { currentMetrics: null, ...status },
  };
}

/** Keyed `Kind from to`. */
export const BUILTIN_CONVERTERS: Readonly<Record<string, Converter>> = {
  "Event v1 events.k8s.io/v1": (event) => rename(event, OLD_EVENT_FIELDS),
  "Event events.k8s.io/v1 v1": (event) => rename(event, EVENT_FIELDS),
  "HorizontalPodAutoscaler autoscaling/v2 autoscaling/v1": autoscalerToV1,
  "HorizontalPodAutoscaler autoscaling/v1 autoscaling/v2": autoscalerToV2,
};

// Columns of autoscalers, scales and disruption budgets.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { joinFirst, NONE, scalarText, UNSET } from "./cell-text.ts";
import type { Scope } from "./cell-text.ts";
import { AGE, integer, NAME, text } from "./column.ts";
import type { Printer } from "./column.ts";

/** Metrics shown before the rest is only counted. */
const METRICS_SHOWN_MAX = 2;
const UNKNOWN = "<unknown>";

const specOf = (object: KubernetesObject): Scope => recordAt(object, "spec");
const statusOf = (object: KubernetesObject): Scope => recordAt(object, "status");

const AUTOSCALERS: Printer = {
  columns: [
    NAME,
    text("Reference", (object) => {
      const target = recordAt(specOf(object), "scaleTargetRef");
      return `${textAt(target, "kind")}/${textAt(target, "name")}`;
    }),
    text("Targets", metricsText),
    text("MinPods", (object) => scalarText(specOf(object)["minReplicas"], UNSET)),
    text("MaxPods", (object) => numberAt(specOf(object), "maxReplicas") ?? 0),
    text("Replicas", (object) => numberAt(statusOf(object), "currentReplicas") ?? 0),
    AGE,
  ],
};

const SCALES: Printer = {
  columns: [
    NAME,
    integer("Desired", (object) => numberAt(specOf(object), "replicas") ?? 0),
    integer("Available", (object) => numberAt(statusOf(object), "replicas") ?? 0),
    AGE,
  ],
};

const BUDGETS: Printer = {
  columns: [
    NAME,
    text("Min Available", (object) => scalarText(specOf(object)["minAvailable"], "N/A")),
    text("Max Unavailable", (object) => scalarText(specOf(object)["maxUnavailable"], "N/A")),
    integer(
      "Allowed Disruptions",
      (object) => numberAt(statusOf(object), "disruptionsAllowed") ?? 0,
    ),
    AGE,
  ],
};

export const AUTOSCALING_PRINTERS: Readonly<Record<string, Printer>> = {
  "autoscaling/horizontalpodautoscalers": AUTOSCALERS,
  "autoscaling/Scale": SCALES,
  "policy/poddisruptionbudgets": BUDGETS,
};

function metricsText(object: KubernetesObject): string {
  const spec = specOf(object);
  if (object.apiVersion === "autoscaling/v1") return oldMetricText(spec, statusOf(object));
  const metrics = recordsAt(spec, "metrics");
  if (metrics.length === 0) return NONE;
  const current = recordsAt(statusOf(object), "currentMetrics");
  const texts = metrics.map((metric, index) => metricText(metric, current[index] ?? {}));
  return joinFirst(texts, METRICS_SHOWN_MAX, ", ");
}

/** `autoscaling/v1` knows one metric. */
function oldMetricText(spec: Scope, status: Scope): string {
  const wanted = numberAt(spec, "targetCPUUtilizationPercentage");
  if (wanted === undefined) return NONE;
  return `cpu: ${percentText(status["currentCPUUtilizationPercentage"], UNKNOWN)}/${wanted}%`;
}

const SOURCES: Readonly<Record<string, string>> = {
  External: "external",
  Pods: "pods",
  Object: "object",
  Resource: "resource",
  ContainerResource: "containerResource",
};

function metricText(metric: Scope, status: Scope): string {
  const type = textAt(metric, "type");
  const field = SOURCES[type];
  if (field === undefined) return "<unknown type>";
  const source = recordAt(metric, field);
  const target = recordAt(source, "target");
  const current = recordAt(recordAt(status, field), "current");
  const average = target["averageValue"];
  if (type === "Resource" || type === "ContainerResource") {
    const name = textAt(source, "name");
    return average === undefined
      ? `${name}: ${percentText(current["averageUtilization"], UNKNOWN)}/${percentText(target["averageUtilization"], "<auto>")}`
      : `${name}: ${scalarText(current["averageValue"], UNKNOWN)}/${scalarText(average, "")}`;
  }
  if (average === undefined) {
    return `${scalarText(current["value"], UNKNOWN)}/${scalarText(target["value"], UNKNOWN)}`;
  }
  const ratio = `${scalarText(current["averageValue"], UNKNOWN)}/${scalarText(average, "")}`;
  return type === "Pods" ? ratio : `${ratio} (avg)`;
}

function percentText(value: unknown, absent: string): string {
  return typeof value === "number" ? `${value}%` : absent;
}

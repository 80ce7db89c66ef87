// The adapter's answers to autoscalers: what each trigger of a ScaledObject has to say now. Windows are read off the clock; what
// a queue or a query holds is what an annotation of the ScaledObject declares, `simulation.keelson.dev/s1-prometheus: 20 for 10m, 90`,
// and without one nobody's to invent, and the answer says so. Mirrors kedacore/keda pkg/scalers/cron_scaler.go and
// the metric names of its neighbours, v2.20.2.

import { createCronSchedule, loadAt, parseLoad, type InstantMs } from "../../../core/index.ts";
import {
  type ApiService,
  type ApiServiceRequest,
  matchesLabels,
  parseLabelSelector,
  statusError,
} from "../../../kubernetes/index.ts";
import type { Behaviour } from "../../../model/index.ts";
import { SCALED_OBJECT, type ScaledObject, type Trigger } from "./scaled-objects.ts";

export const externalMetrics: NonNullable<Behaviour["apiServices"]> = ({ informer, clock }) => {
  const scaled = informer(SCALED_OBJECT);
  const service: ApiService = {
    group: "external.metrics.k8s.io",
    version: "v1beta1",
    resources: () => [
      {
        resource: "externalmetrics",
        singular: "externalmetric",
        kind: "ExternalMetricValueList",
        namespaced: true,
        verbs: ["get"],
      },
    ],
    read(request) {
      // The API checked them against the definition.
      const objects = scaled.list(request.namespace) as readonly ScaledObject[];
      const object = objects.find((one) => isAskedFor(one, request));
      const value = object && valueOf(object, request.resource, clock.now());
      if (value === undefined) throw noMetrics(request.resource);
      const timestamp = new Date(clock.now()).toISOString();
      return { items: [{ metricName: request.resource, timestamp, value: String(value) }] };
    },
  };
  return [service];
};

/** Autoscalers name the ScaledObject by a label. */
function isAskedFor(
  { metadata }: ScaledObject,
  { labelSelector = "" }: ApiServiceRequest,
): boolean {
  const labels = { "scaledobject.keda.sh/name": metadata.name };
  return matchesLabels(parseLabelSelector(labelSelector), labels);
}

function valueOf(object: ScaledObject, metric: string, now: InstantMs): number | undefined {
  const found = object.spec.triggers.find(
    (trigger, index) => metricName(trigger, index) === metric,
  );
  if (found?.type === "cron") return windowValue(found.metadata, now);
  return found === undefined ? undefined : declaredValue(object, metric, now);
}

const DECLARED = "simulation.keelson.dev/";

/** In the words of declared load; its steps begin with the object. */
function declaredValue(
  { metadata }: ScaledObject,
  metric: string,
  now: InstantMs,
): number | undefined {
  const profile = parseLoad(metadata.annotations?.[`${DECLARED}${metric}`] ?? "");
  if (profile === undefined) return undefined;
  const since = Date.parse(metadata.creationTimestamp ?? "");
  return loadAt(profile, { instant: now, since, replicas: 1, seed: metadata.name });
}

/** All of the replicas within the window, none outside: inside where the end comes before the next start. */
function windowValue(metadata: Trigger["metadata"], now: InstantMs): number {
  const { timezone = "UTC", start = "", end = "", desiredReplicas = "0" } = metadata;
  const next = (text: string): number =>
    createCronSchedule(text, timezone).nextRun(now) ?? Number.POSITIVE_INFINITY;
  return next(end) < next(start) ? Number(desiredReplicas) : 0;
}

/** As autoscalers ask for it; CPU and memory are read elsewhere. */
export function metricName({ type, metadata }: Trigger, index: number): string {
  const { timezone = "", start = "", end = "", queueURL = "", listName = "" } = metadata;
  const names: Readonly<Record<string, string>> = {
    cron: `cron-${timezone}-${cronText(start)}-${cronText(end)}`,
    "aws-sqs-queue": `aws-sqs-${queueURL.split("/").at(-1) ?? ""}`,
    redis: `redis-${listName}`,
  };
  return `s${index}-${(names[type] ?? type).replaceAll(/[/.:%()]/g, "-")}`;
}

const CRON_WORDS: Readonly<Record<string, string>> = {
  "*": "x",
  "/": "Sl",
  "?": "Qm",
  ",": "Cm",
};

function cronText(text: string): string {
  return text.replaceAll(/[ */?,]/g, (letter) => CRON_WORDS[letter] ?? "");
}

function noMetrics(metric: string): Error {
  return statusError("InternalError", `no matching metrics found for ${metric}`);
}

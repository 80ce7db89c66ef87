// How KEDA acts inside an embedded cluster: it makes the autoscaler of every ScaledObject, says that it is ready, and answers for
// windows; other signals have no value there, and the autoscaler says so. Mirrors kedacore/keda
// controllers/keda/{scaledobject_controller,hpa}.go v2.20.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  KindRef,
  KubernetesObject,
} from "../../../kubernetes/index.ts";
import type { Behaviour } from "../../../model/index.ts";
import { externalMetrics, metricName } from "./external-metrics.ts";
import { SCALED_OBJECT, type ScaledObject, type Trigger } from "./scaled-objects.ts";
import { OPERATOR } from "./surface.ts";

const AUTOSCALER: KindRef = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };

export const behaviour: Behaviour = {
  source: "kedacore/keda controllers/keda, v2.20",
  workload: OPERATOR,
  controllers: () => [scaledObjectController],
  apiServices: externalMetrics,
};

const scaledObjectController: ControllerFactory = (context) => {
  const scaled = context.informer(SCALED_OBJECT);
  const autoscalers = context.informer(AUTOSCALER);
  return {
    name: "keda-scaled-object",
    setup(enqueue) {
      scaled.onChange((current) => current && enqueue(keyOf(current)));
      // What somebody changed or deleted comes back.
      autoscalers.onChange((current, old) => {
        const owner = (current ?? old)?.metadata.ownerReferences?.find(
          ({ kind }) => kind === SCALED_OBJECT.kind,
        );
        if (owner) enqueue(`${(current ?? old)?.metadata.namespace ?? ""}/${owner.name}`);
      });
    },
    async reconcile(key) {
      const [namespace = "", name = ""] = key.split("/");
      const object = scaled.get(name, namespace) as ScaledObject | undefined;
      if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
      const wanted = autoscalerOf(object);
      const found = autoscalers.get(wanted.metadata.name, namespace);
      if (found === undefined) await context.api.create(wanted);
      else await correct(context, found, wanted);
      await tellReady(context, object, wanted.metadata.name);
    },
  };
};

async function correct(
  { api }: ControllerContext,
  found: KubernetesObject,
  wanted: KubernetesObject,
): Promise<void> {
  const [now, spec] = [found["spec"], wanted["spec"]];
  if (!isRecord(now) || !isRecord(spec)) return;
  if (Object.entries(spec).every(([field, value]) => deepEqual(now[field], value))) return;
  const { name, namespace } = found.metadata;
  await api.patch({ ...AUTOSCALER, namespace, name }, { type: "merge", body: { spec } });
}

async function tellReady(
  { api }: ControllerContext,
  object: ScaledObject,
  hpaName: string,
): Promise<void> {
  const conditions = [
    {
      type: "Ready",
      status: "True",
      reason: "ScaledObjectReady",
      message: "ScaledObject is defined correctly and is ready for scaling",
    },
    // Active, Fallback and Paused follow from values nobody simulates.
    ...["Active", "Fallback", "Paused"].map((type) => ({ type, status: "Unknown" })),
  ];
  const status = { conditions, hpaName, scaleTargetKind: "apps/v1.Deployment" };
  if (deepEqual(object.status, status)) return;
  const { name, namespace } = object.metadata;
  const ref = { ...SCALED_OBJECT, namespace, name };
  await api.patch(ref, { type: "merge", body: { status } }, { subresource: "status" });
}

function autoscalerOf(object: ScaledObject): KubernetesObject {
  const { metadata, spec } = object;
  const { name, namespace = "", uid = "" } = metadata;
  return {
    ...AUTOSCALER,
    metadata: {
      name: `keda-hpa-${name}`,
      namespace,
      labels: { ...metadata.labels, "scaledobject.keda.sh/name": name },
      ownerReferences: [
        { ...SCALED_OBJECT, name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: spec.scaleTargetRef.name },
      // An autoscaler itself never goes below one.
      minReplicas: Math.max(spec.minReplicaCount ?? 1, 1),
      maxReplicas: spec.maxReplicaCount ?? 100,
      metrics: spec.triggers.map((trigger, index) => metricOf(name, trigger, index)),
    },
  };
}

/** Which of its settings is the target, where it is not `threshold`. */
const TARGETS: Readonly<Record<string, string>> = {
  "aws-sqs-queue": "queueLength",
  redis: "listLength",
};

function metricOf(name: string, trigger: Trigger, index: number): object {
  const { type, metadata } = trigger;
  if (type === "cpu" || type === "memory") {
    const target = { type: "Utilization", averageUtilization: Number(metadata["value"]) };
    return { type: "Resource", resource: { name: type, target } };
  }
  const matchLabels = { "scaledobject.keda.sh/name": name };
  const metric = { name: metricName(trigger, index), selector: { matchLabels } };
  const figure = metadata[TARGETS[type] ?? "threshold"] ?? "1";
  const target =
    trigger.metricType === "Value"
      ? { type: "Value", value: figure }
      : { type: "AverageValue", averageValue: figure };
  return { type: "External", external: { metric, target } };
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

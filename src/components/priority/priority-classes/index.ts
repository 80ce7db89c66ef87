// Who goes first where room runs out: the platform's own pods before people's apps, both before jobs. The scheduler takes
// lower ranks away for higher ones; nodes short of memory evict them first. Source: Kubernetes documentation, "Pod Priority and
// Preemption".

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, ResolveContext } from "../../../model/index.ts";
import { emitterFor, systemLabels } from "../../manifests/index.ts";
import { ranksOutOfOrder } from "../diagnostics.ts";
import { rankedRelease } from "./charts.ts";
import { priorityClassesSchema, type PriorityClassesOptions } from "./options.ts";
import { CLASSES, rankOf, withClass, type PriorityClassName } from "./rank.ts";

const NAME = "priority-classes";
/** That of the namespaces: both are there before anything runs. */
const AREA = "infrastructure/security";

export const priorityClassesFiller = defineSlotFiller<PriorityClassesOptions>({
  name: NAME,
  slot: "priority",
  area: AREA,
  provides: ["priorityClasses"],
  options: priorityClassesSchema,
  resolve: settleOrder,
  emit: emitClasses,
  decorateOrder: 110,
  decorate: (object, { cluster }) => withClass(object, rankOf(object, cluster)),
  decorateChart: rankedRelease,
});

function settleOrder(
  { path, report }: ResolveContext,
  options: PriorityClassesOptions,
): PriorityClassesOptions {
  const { platform, apps, batch } = options;
  if (platform <= apps || apps <= batch) report(ranksOutOfOrder(path, options));
  return options;
}

function emitClasses({ cluster, path }: EmitContext, options: PriorityClassesOptions): Emission {
  const emitted = emitterFor(AREA, path);
  return {
    objects: CLASSES.map((name) => emitted(priorityClass(cluster.platform, name, options[name]))),
  };
}

const DESCRIPTIONS: Readonly<Record<PriorityClassName, string>> = {
  platform: "What apps stand on: delivery, ingress, data services, monitoring.",
  apps: "People's apps, and whatever names no class.",
  batch: "Jobs: they wait for room and push nobody out.",
};

function priorityClass(platform: string, name: PriorityClassName, value: number): KubernetesObject {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name, labels: systemLabels(platform, NAME, "scheduling") },
    value,
    ...(name === "apps" ? { globalDefault: true } : {}),
    ...(name === "batch" ? { preemptionPolicy: "Never" } : {}),
    description: DESCRIPTIONS[name],
  };
}

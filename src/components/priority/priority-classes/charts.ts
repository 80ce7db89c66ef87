// The class of what charts of others run: by the values they read it from, or the one they have already.

import { CHARTS, type ChartFacts } from "../../../catalog/index.ts";
import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ChartRelease, PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { rankOf, withClass } from "./rank.ts";

/** Values win that somebody wrote. */
export function rankedRelease(release: ChartRelease): ChartRelease {
  const paths = factsOf(release)?.priorityClass ?? [];
  if (paths.length === 0) return release;
  return {
    ...release,
    values: paths.reduce((values, path) => withDefault(values, path.split(".")), release.values),
  };
}

/** What stands in for the objects of a chart has the class that the chart would give them. */
export function rankedStandIn(
  object: KubernetesObject,
  cluster: Pick<PlannedCluster, "namespaces" | "slots">,
  release: Pick<ChartRelease, "repository" | "chart">,
): KubernetesObject {
  if (!cluster.slots.some(({ provides }) => provides.includes("priorityClasses"))) return object;
  const { priorityClass, ownPriorityClass } = factsOf(release) ?? {};
  if (ownPriorityClass !== undefined) return withClass(object, ownPriorityClass);
  return priorityClass === undefined ? object : withClass(object, rankOf(object, cluster));
}

function factsOf({
  repository,
  chart,
}: Pick<ChartRelease, "repository" | "chart">): ChartFacts | undefined {
  return Object.values(CHARTS).find(
    (facts) => facts.chart === chart && facts.repository === repository,
  );
}

function withDefault(values: Fields, [field = "", ...rest]: readonly string[]): Fields {
  const value = values[field];
  if (rest.length === 0) return value === undefined ? { ...values, [field]: "platform" } : values;
  return { ...values, [field]: withDefault(isRecord(value) ? value : {}, rest) };
}

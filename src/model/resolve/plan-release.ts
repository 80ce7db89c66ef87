// Whether what an app asks of its releases can be done: something that releases step by step, something that listens, and for
// shares something that splits traffic in front of it.

import type { AnySlotFiller, Registry } from "../contracts/component.ts";
import type { PlannedApp, PlannedCluster, TrafficSplit } from "../contracts/plan.ts";
import {
  analysisNeedsMetrics,
  releaseNeedsController,
  releaseNeedsPort,
  releaseNeedsTrafficSplit,
} from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Choices } from "./choices.ts";
import type { Resolution } from "./resolve-plan.ts";

type App = Pick<PlannedApp, "name" | "origin" | "release" | "route" | "port" | "traffic">;

/** Absent for every release but a canary, and where something is missing, which is reported. */
export function planSplit(
  { registry, report }: Pick<Resolution, "registry" | "report">,
  { filled, cluster }: Pick<Choices, "filled" | "cluster">,
  app: App,
): TrafficSplit | undefined {
  const { kind } = app.release;
  if (kind === "rolling") return undefined;
  const path = [...app.origin, "release"];
  const fillers = filled.map(({ component, choice }) => ({
    ...component,
    provides: choice.provides,
  }));
  const controller = fillers.find(({ provides }) => provides.includes("progressiveDelivery"));
  if (controller === undefined) {
    const known = fillersOf(registry, "progressiveDelivery");
    report(releaseNeedsController(path, { release: kind, cluster: cluster.name, fillers: known }));
  }
  if (app.port === undefined) report(releaseNeedsPort(path, { release: kind }));
  if (controller === undefined || app.port === undefined || kind !== "canary") return undefined;
  const splitter = splitterOf(fillers, app);
  const services = controller.releaseServices?.(app.name);
  if (splitter?.splitsBy !== undefined && services !== undefined) {
    const place = splitter.splitIn?.(app) ?? { objects: [app.name] };
    return { form: splitter.splitsBy, ...services, ...place };
  }
  const isRouted = app.route !== undefined;
  report(releaseNeedsTrafficSplit(path, { isRouted, fillers: splittersOf(registry, isRouted) }));
  return undefined;
}

/** What comes in by a route is split where it comes in, everything else by a mesh. */
function splitterOf(fillers: readonly AnySlotFiller[], { route }: App): AnySlotFiller | undefined {
  const splitters = fillers.filter(({ provides }) => provides.includes("trafficSplit"));
  const routing = splitters.find(({ provides }) => provides.includes("httpRoute"));
  const mesh = splitters.find(({ provides }) => !provides.includes("httpRoute"));
  return route === undefined ? mesh : (routing ?? mesh);
}

/** Written as a person would; an app without a route is not helped by an ingress. */
function splittersOf({ components, slots }: Registry, isRouted: boolean): string[] {
  const able = components.filter(
    (component) =>
      component.family === "slot" &&
      component.provides.includes("trafficSplit") &&
      (isRouted || !component.provides.includes("httpRoute")),
  );
  return fillersOf({ components: able, slots }, "trafficSplit");
}

/** Error rates and latencies are asked of something that answers PromQL, and only of apps it scrapes. */
export function checkAnalyses(
  apps: readonly PlannedApp[],
  offers: PlannedCluster["offers"],
  report: Resolution["report"],
): void {
  const answers = offers.some(({ capability }) => capability === "metricsQuery");
  for (const { release, origin, metrics } of apps) {
    if (release.kind === "rolling" || release.analysis === undefined) continue;
    const { errorRate, latencyMs } = release.analysis;
    if (errorRate === undefined && latencyMs === undefined) continue;
    const path = [...origin, "release", "analysis"];
    if (!answers) report(analysisNeedsMetrics(path, { missing: "system" }));
    else if (metrics === undefined) report(analysisNeedsMetrics(path, { missing: "endpoint" }));
  }
}

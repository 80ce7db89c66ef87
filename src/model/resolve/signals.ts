// Whether somebody scales an app by the signals it names, and whether what they ask for is answered.

import type { PlannedApp, PlannedCluster } from "../contracts/plan.ts";
import type { ScaleSignal } from "../intents/app.ts";
import {
  signalNotNeeded,
  signalsNeedMetrics,
  signalsNeedScaler,
  signalsWithoutRolling,
} from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Resolution } from "./resolve-plan.ts";

/** Kinds that ask a store of metrics. */
const MEASURED: ReadonlySet<string> = new Set(["metric", "latency"]);

export function checkSignals(
  { registry, report }: Pick<Resolution, "registry" | "report">,
  { name, apps, offers, slots }: Pick<PlannedCluster, "name" | "apps" | "offers" | "slots">,
): void {
  const scaler = slots.find(({ provides }) => provides.includes("eventScaling"));
  const answers = offers.some(({ capability }) => capability === "metricsQuery");
  for (const app of apps) {
    const { scale, origin, release } = app;
    if (scale?.signals === undefined) continue;
    const path = [...origin, "scale", "signals"];
    if (scaler === undefined) {
      const fillers = fillersOf(registry, "eventScaling");
      report(signalsNeedScaler(path, { cluster: name, fillers }));
    }
    if (release.kind !== "rolling") report(signalsWithoutRolling(path, { release: release.kind }));
    scale.signals.forEach((signal, index) => {
      const here = [...path, index];
      if (MEASURED.has(signal.kind) && !answers)
        report(signalsNeedMetrics(here, { cluster: name }));
      const read = readsFrom(signal);
      if (read !== undefined && !needs(app, read)) report(signalNotNeeded(here, read));
    });
  }
}

/** The queue or cache a signal looks into. */
function readsFrom(
  signal: ScaleSignal,
): { readonly intent: "queue" | "cache"; readonly name: string } | undefined {
  if (signal.kind === "queue") return { intent: "queue", name: signal.queue };
  return signal.kind === "list" ? { intent: "cache", name: signal.cache } : undefined;
}

function needs(
  { bindings }: Pick<PlannedApp, "bindings">,
  { intent, name }: { readonly intent: string; readonly name: string },
): boolean {
  return bindings.some(
    ({ binding }) => binding.intent.kind === intent && binding.intent.name === name,
  );
}

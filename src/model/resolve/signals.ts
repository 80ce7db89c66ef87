// Whether somebody scales an app by the signals it names, and whether what they ask for is answered.

import type { PlannedCluster } from "../contracts/plan.ts";
import {
  signalsNeedMetrics,
  signalsNeedScaler,
  signalsWithoutRolling,
} from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Resolution } from "./resolve-plan.ts";

export function checkSignals(
  { registry, report }: Pick<Resolution, "registry" | "report">,
  { name, apps, offers, slots }: Pick<PlannedCluster, "name" | "apps" | "offers" | "slots">,
): void {
  const scaler = slots.find(({ provides }) => provides.includes("eventScaling"));
  const answers = offers.some(({ capability }) => capability === "metricsQuery");
  for (const { scale, origin, release } of apps) {
    if (scale?.signals === undefined) continue;
    const path = [...origin, "scale", "signals"];
    if (scaler === undefined) {
      const fillers = fillersOf(registry, "eventScaling");
      report(signalsNeedScaler(path, { cluster: name, fillers }));
    }
    if (release.kind !== "rolling") report(signalsWithoutRolling(path, { release: release.kind }));
    if (answers) continue;
    scale.signals.forEach((signal, index) => {
      if (signal.kind === "metric") report(signalsNeedMetrics([...path, index], { cluster: name }));
    });
  }
}

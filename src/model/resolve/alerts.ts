// Whether somebody on the cluster judges the alerts its components state: the owner is whoever offers `alertRules`.

import { groupBy } from "../../core/index.ts";
import type { PlannedCluster } from "../contracts/plan.ts";
import { alertsWithoutOwner } from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Resolution } from "./resolve-plan.ts";

export function checkAlerts(
  { registry, report }: Pick<Resolution, "registry" | "report">,
  { name, alerts, offers }: Pick<PlannedCluster, "name" | "alerts" | "offers">,
): void {
  if (offers.some(({ capability }) => capability === "alertRules")) return;
  const stated = groupBy(alerts, ({ component }) => component);
  for (const [component, [first, ...others]] of stated) {
    if (first === undefined) continue;
    const names = [first, ...others].map((alert) => alert.name);
    const fillers = fillersOf(registry, "metrics");
    report(alertsWithoutOwner(first.origin, { component, names, cluster: name, fillers }));
  }
}

// Whether a cluster would take what is written, and whether it fits.

import { count, quantityMilliValue, quantityValue } from "../../core/index.ts";
import { capacityOf, checkCapacity } from "../checks/capacity.ts";
import { checkDeliveredPaths } from "../checks/delivered-paths.ts";
import { checkCronTimeZone } from "../checks/cron-time-zone.ts";
import { checkNamespaces } from "../checks/namespaces.ts";
import { checkPodReferences } from "../checks/pod-references.ts";
import { checkQuotas } from "../checks/quotas.ts";
import { checkRoleReferences } from "../checks/role-references.ts";
import { checkRouteReferences } from "../checks/route-references.ts";
import { checkScaleTargets } from "../checks/scale-targets.ts";
import { checkSchema } from "../checks/schema.ts";
import { checkSecretReferences } from "../checks/secret-references.ts";
import { checkServiceTargets } from "../checks/service-targets.ts";
import { checkWorkloadsMatchGraph } from "../checks/workloads-match-graph.ts";
import type { Check, TargetView } from "../target-view.ts";
import { plainText, recordOf } from "../pod-template.ts";
import type { Prove } from "./proof.ts";
import { provedBy } from "./proof.ts";

export const proveSchema = provedBy([checkSchema], "every object is valid", ({ objects }) => {
  const kinds = new Set(objects.map(({ object }) => object.kind));
  return `${count(objects.length, "object")} of ${count(kinds.size, "kind")}, no unknown field`;
});

const REFERENCES: readonly Check[] = [
  checkNamespaces,
  checkServiceTargets,
  checkPodReferences,
  checkSecretReferences,
  checkScaleTargets,
  checkRouteReferences,
  checkRoleReferences,
  checkDeliveredPaths,
];

export const proveReferences = provedBy(
  REFERENCES,
  "every reference leads somewhere",
  (view) => `${count(countLookups(view), "reference")} followed`,
);

/** How many objects the checks looked for by name. */
function countLookups(view: TargetView): number {
  let followed = 0;
  const find: TargetView["find"] = (...name) => {
    followed += 1;
    return view.find(...name);
  };
  const findings = REFERENCES.flatMap((check) => [...check({ ...view, find })]);
  return followed - findings.length;
}

export const proveOwnership = provedBy(
  [checkWorkloadsMatchGraph],
  "one writer for every object",
  ({ objects, graph, charts }) => {
    const components = new Set(objects.map(({ origin }) => origin.component));
    const written = `${count(objects.length, "object")} by ${count(components.size, "component")}`;
    return `${written}, ${count(graph.workloads.length, "workload")} as planned, ${count(charts.length, "chart")}`;
  },
);

export const proveCapacity = provedBy(
  [checkCapacity, checkQuotas],
  "pods fit on the nodes",
  (view) => {
    const cpu = capacityOf(view, "cpu");
    const memory = capacityOf(view, "memory");
    const cores = (amount: typeof cpu.requested): number => quantityMilliValue(amount) / 1000;
    const bytes = quantityValue(memory.requested) / Math.max(1, quantityValue(memory.available));
    return `${cores(cpu.requested)} of ${cores(cpu.available)} CPU, ${Math.round(100 * bytes)} % of memory requested`;
  },
);

export const proveSchedules: Prove = (view) => {
  const schedules = view.ofKind("CronJob").filter(({ compiled }) => compiled !== undefined);
  if (schedules.length === 0) return [];
  const zones = schedules.map(({ object }) => plainText(recordOf(object["spec"])["timeZone"]));
  const evidence = `${count(schedules.length, "schedule")}, ${[...new Set(zones)].join(" and ")}`;
  return provedBy([checkCronTimeZone], "schedules state their time zone", () => evidence)(view);
};

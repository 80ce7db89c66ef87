// Whether the lock decides everything this environment needs: ranges and apps before planning, versions once they were asked for.

import type { Diagnostic } from "../../core/index.ts";
import { incompleteLock } from "../lock/diagnostics.ts";
import { LOCK_FILE } from "../lock/lock.ts";
import { appsOf, hasVersion } from "../lock/update-lock.ts";
import { plannedSite } from "./planned-site.ts";
import type { PlannedCluster } from "../contracts/plan.ts";
import type { Resolution } from "./resolve-plan.ts";

export function checkLock(resolution: Omit<Resolution, "report">): Diagnostic[] {
  return [...missingRanges(resolution), ...missingApps(resolution)];
}

/** Versions that were asked for while clusters were planned and emitted, and that the lock does not hold. */
export function checkPins(clusters: readonly Pick<PlannedCluster, "versions">[]): Diagnostic[] {
  const asked = clusters.flatMap(({ versions }) => versions.missing());
  const missing = [...new Set(asked)].toSorted();
  if (missing.length === 0) return [];
  return [incompleteLock([], { file: LOCK_FILE, what: `versions of ${missing.join(", ")}` })];
}

function missingRanges({
  definition,
  environment,
  lock,
}: Omit<Resolution, "report">): Diagnostic[] {
  return environment.clusters.flatMap((name) => {
    const cluster = definition.clusters.get(name);
    if (cluster === undefined || Object.hasOwn(lock.ranges, name)) return [];
    const { component, options, site, path } = cluster;
    const stated = component.network(options, plannedSite(definition, site));
    if (stated.podRange !== undefined && stated.serviceRange !== undefined) return [];
    return [incompleteLock(path, { file: LOCK_FILE, what: `ranges for the cluster ${name}` })];
  });
}

function missingApps({ environment, lock }: Omit<Resolution, "report">): Diagnostic[] {
  return appsOf(environment).flatMap(([name, { image }]) => {
    if (hasVersion(image) || Object.hasOwn(lock.apps, name)) return [];
    const what = `image version for the app ${name}`;
    return [incompleteLock(["apps", name, "image"], { file: LOCK_FILE, what })];
  });
}

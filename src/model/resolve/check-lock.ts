// Whether the lock decides everything this environment needs.

import type { Diagnostic } from "../../core/index.ts";
import { incompleteLock } from "../lock/diagnostics.ts";
import { LOCK_FILE } from "../lock/lock.ts";
import { SHIPPED_CATALOGUE } from "../lock/shipped-catalogue.ts";
import { appsOf, hasVersion } from "../lock/update-lock.ts";
import { plannedSite } from "./planned-site.ts";
import type { Resolution } from "./resolve-plan.ts";

export function checkLock(resolution: Omit<Resolution, "report">): Diagnostic[] {
  return [...missingPins(resolution), ...missingRanges(resolution), ...missingApps(resolution)];
}

/** Of the catalogue as a whole: a lock is either up to date with it or not. */
function missingPins({ lock }: Pick<Resolution, "lock">): Diagnostic[] {
  return (["charts", "images"] as const).flatMap((section) => {
    const missing = Object.keys(SHIPPED_CATALOGUE[section]).filter(
      (name) => !Object.hasOwn(lock[section], name),
    );
    if (missing.length === 0) return [];
    const what = `versions of ${section} ${missing.toSorted().join(", ")}`;
    return [incompleteLock([], { file: LOCK_FILE, what })];
  });
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

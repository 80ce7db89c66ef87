// GitOps engines and progressive delivery. Mirrors argo-cd resource_customizations: argoproj.io/{Application,Rollout} and
// the toolkit.fluxcd.io kinds. An Application also waits for its sync, because old health outlives a new revision.

import { valueAt } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import { describe } from "./conditions.ts";
import {
  conditionOf,
  degraded,
  healthy,
  isObserved,
  progressing,
  suspended,
  text,
} from "./fields.ts";
import type { Health, HealthRules, HealthStatus } from "./rule.ts";

export const DELIVERY_HEALTH: HealthRules = {
  "argoproj.io/Application": applicationHealth,
  "argoproj.io/ApplicationSet": applicationSetHealth,
  "argoproj.io/Rollout": rolloutHealth,
  "kustomize.toolkit.fluxcd.io/Kustomization": fluxHealth,
  "helm.toolkit.fluxcd.io/HelmRelease": fluxHealth,
  "source.toolkit.fluxcd.io/GitRepository": fluxHealth,
  "source.toolkit.fluxcd.io/HelmRepository": fluxHealth,
  "source.toolkit.fluxcd.io/HelmChart": fluxHealth,
  "source.toolkit.fluxcd.io/OCIRepository": fluxHealth,
  "source.toolkit.fluxcd.io/Bucket": fluxHealth,
};

const STATUSES: ReadonlySet<string> = new Set<HealthStatus>([
  "Healthy",
  "Progressing",
  "Degraded",
  "Suspended",
  "Missing",
  "Unknown",
]);

function applicationHealth(application: KubernetesObject): Health {
  const operation = text(application, "status", "operationState", "phase");
  const operationMessage = text(application, "status", "operationState", "message");
  if (operation === "Failed" || operation === "Error")
    return degraded(operationMessage || operation);
  if (operation === "Running" || operation === "Terminating") {
    return progressing(operationMessage || "sync in progress");
  }
  const sync = text(application, "status", "sync", "status");
  if (sync !== "Synced")
    return progressing(sync === "" ? "not compared yet" : `sync status ${sync}`);
  const status = text(application, "status", "health", "status");
  const message = text(application, "status", "health", "message");
  if (!STATUSES.has(status)) return progressing("waiting for health");
  return { status: status as HealthStatus, message };
}

function applicationSetHealth(set: KubernetesObject): Health {
  const failure = conditionOf(set, "ErrorOccurred");
  if (failure?.status === "True") return degraded(describe(failure));
  const updated = conditionOf(set, "ResourcesUpToDate");
  if (updated?.status === "True") return healthy(updated.message);
  return progressing(updated === undefined ? "waiting for status" : describe(updated));
}

const ROLLOUT_PHASES: Readonly<Record<string, (message: string) => Health>> = {
  Healthy: healthy,
  Progressing: progressing,
  Degraded: degraded,
  Paused: suspended,
};

/** A Rollout's observedGeneration is a string. */
function rolloutHealth(rollout: KubernetesObject): Health {
  const observed = valueAt(rollout, ["status", "observedGeneration"]);
  if (Number(observed ?? 0) < (rollout.metadata.generation ?? 0)) {
    return progressing("waiting for the controller to see the latest spec");
  }
  const health = ROLLOUT_PHASES[text(rollout, "status", "phase")] ?? progressing;
  return health(text(rollout, "status", "message"));
}

function fluxHealth(object: KubernetesObject): Health {
  if (valueAt(object, ["spec", "suspend"]) === true) return suspended("suspended");
  const ready = conditionOf(object, "Ready");
  if (ready === undefined || !isObserved(object)) return progressing("waiting to be reconciled");
  if (ready.status === "True") return healthy(ready.message);
  const working =
    ready.status === "Unknown" || /^Progressing|^DependencyNotReady$/.test(ready.reason ?? "");
  return working ? progressing(describe(ready)) : degraded(describe(ready));
}

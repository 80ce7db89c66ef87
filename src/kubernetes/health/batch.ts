// Jobs and what starts them. Mirrors gitops-engine pkg/health/health_job.go and argo-cd resource_customizations/batch/CronJob.

import { valueAt } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import { describe } from "./conditions.ts";
import { conditionOf, count, degraded, healthy, progressing, suspended } from "./fields.ts";
import type { Health, HealthRules } from "./rule.ts";

export const BATCH_HEALTH: HealthRules = {
  "batch/Job": jobHealth,
  "batch/CronJob": cronJobHealth,
};

function jobHealth(job: KubernetesObject): Health {
  const failed = conditionOf(job, "Failed");
  if (failed?.status === "True") return degraded(describe(failed));
  if (conditionOf(job, "Complete")?.status === "True") return healthy();
  const paused = conditionOf(job, "Suspended");
  if (paused?.status === "True") return suspended(describe(paused));
  return progressing(`${count(job, "status", "succeeded")} pods succeeded so far`);
}

/** A CronJob is well when it is not suspended; whether its last run succeeded is its Job's health. */
function cronJobHealth(cronJob: KubernetesObject): Health {
  const isSuspended = valueAt(cronJob, ["spec", "suspend"]) === true;
  return isSuspended ? suspended("the schedule is suspended") : healthy();
}

// Volumes. Mirrors gitops-engine pkg/health/health_pvc.go.

import type { KubernetesObject } from "../object.ts";
import { degraded, healthy, progressing, text, unknown } from "./fields.ts";
import type { Health, HealthRules } from "./rule.ts";

export const STORAGE_HEALTH: HealthRules = {
  "/PersistentVolumeClaim": claimHealth,
  "/PersistentVolume": volumeHealth,
};

function claimHealth(claim: KubernetesObject): Health {
  switch (text(claim, "status", "phase")) {
    case "Bound":
      return healthy();
    case "Lost":
      return degraded("the bound volume is lost");
    case "Pending":
      return progressing("waiting for a volume");
    default:
      return unknown("no phase yet");
  }
}

function volumeHealth(volume: KubernetesObject): Health {
  if (text(volume, "status", "phase") !== "Failed") return healthy();
  return degraded(text(volume, "status", "message") || "reclaim failed");
}

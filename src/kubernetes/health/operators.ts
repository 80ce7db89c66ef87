// Kinds of third-party operators whose condition or phase needs a word of explanation.
// Mirrors argo-cd resource_customizations: bitnami.com, cert-manager.io, external-secrets.io, velero.io, keda.sh.

import type { KubernetesObject } from "../object.ts";
import { describe, requireCondition } from "./conditions.ts";
import { conditionOf, degraded, healthy, progressing, suspended, text } from "./fields.ts";
import type { Health, HealthRules } from "./rule.ts";

export const OPERATOR_HEALTH: HealthRules = {
  "bitnami.com/SealedSecret": requireCondition("Synced", "waiting to be decrypted"),
  "cert-manager.io/Certificate": certificateHealth,
  "cert-manager.io/Issuer": requireCondition("Ready", "waiting for the issuer"),
  "cert-manager.io/ClusterIssuer": requireCondition("Ready", "waiting for the issuer"),
  "external-secrets.io/ExternalSecret": requireCondition("Ready", "waiting for the secret"),
  "external-secrets.io/SecretStore": requireCondition("Ready", "waiting for the store"),
  "external-secrets.io/ClusterSecretStore": requireCondition("Ready", "waiting for the store"),
  "velero.io/Backup": phaseHealth,
  "velero.io/Restore": phaseHealth,
  "velero.io/Schedule": scheduleHealth,
  "velero.io/BackupStorageLocation": phaseHealth,
  "keda.sh/ScaledObject": scaledObjectHealth,
};

/** Not ready while a request is under way is progress. */
function certificateHealth(certificate: KubernetesObject): Health {
  const ready = conditionOf(certificate, "Ready");
  if (ready?.status === "True") return healthy(ready.message);
  const issuing = conditionOf(certificate, "Issuing");
  if (issuing?.status === "True") return progressing(describe(issuing));
  if (ready === undefined) return progressing("waiting to be issued");
  return degraded(describe(ready));
}

const PHASE_DONE: ReadonlySet<string> = new Set(["Completed", "Available", "Enabled"]);
const PHASE_FAILED: ReadonlySet<string> = new Set([
  "Failed",
  "PartiallyFailed",
  "FailedValidation",
  "Unavailable",
]);

function phaseHealth(object: KubernetesObject): Health {
  const phase = text(object, "status", "phase");
  if (PHASE_DONE.has(phase)) return healthy(phase);
  if (PHASE_FAILED.has(phase)) return degraded(text(object, "status", "message") || phase);
  return progressing(phase || "waiting for a phase");
}

function scheduleHealth(schedule: KubernetesObject): Health {
  const phase = text(schedule, "status", "phase");
  return phase === "FailedValidation" ? degraded(phase) : healthy(phase);
}

function scaledObjectHealth(object: KubernetesObject): Health {
  const paused = conditionOf(object, "Paused");
  if (paused?.status === "True") return suspended(describe(paused));
  return requireCondition("Ready", "waiting for the scaler")(object);
}

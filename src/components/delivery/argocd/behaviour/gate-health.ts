// Health of an Application in the eyes of the one that syncs it. Scripts are not run here: the one Keelson emits is known by its
// text and decided by the function below; any other counts as the documentation's, which hands the Application's own health on.
// Without the setting there is none: docs/operator-manual/health.md, "Argocd App", v3.4.

import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import { AWAITED_ANNOTATION, HEALTH_SCRIPT } from "../gate.ts";
import type { Application, HealthStatus } from "./resources.ts";

export interface GateHealth {
  readonly status: HealthStatus;
  readonly message: string;
}

const HEALTHY: GateHealth = { status: "Healthy", message: "" };

/** Undefined: it has no health, and nobody waits for it. */
export function gateHealth(
  object: KubernetesObject,
  script: string | undefined,
): GateHealth | undefined {
  if (script === undefined) return undefined;
  // The kind is the caller's to know.
  const { status, metadata } = object as Application;
  const own: GateHealth = {
    status: status?.health.status ?? "Progressing",
    message: status?.health.message ?? "",
  };
  if (script.trim() !== HEALTH_SCRIPT.trim()) return own;
  const { phase, message = "" } = status?.operationState ?? {};
  const awaited = metadata.annotations?.[AWAITED_ANNOTATION];
  const isSynced = phase === "Succeeded" || status?.sync.status === "Synced";
  if (awaited === "begun" && (isSynced || phase !== undefined)) return HEALTHY;
  if (phase === "Failed" || phase === "Error") return { status: "Degraded", message };
  if (!isSynced || phase === "Running") return { status: "Progressing", message: "not synced yet" };
  return awaited === "applied" ? HEALTHY : own;
}

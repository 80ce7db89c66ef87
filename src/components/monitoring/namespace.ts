// Where the systems that watch the platform live.

import type { Path } from "../../core/index.ts";
import type { PlannedNamespace } from "../../model/index.ts";

export const MONITORING_NAMESPACE = "monitoring";
export const MONITORING_AREA = "infrastructure/observability";

export function monitoringNamespace(origin: Path): PlannedNamespace {
  return { name: MONITORING_NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin };
}

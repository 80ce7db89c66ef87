// Where backup jobs run. They read everything, so nothing else runs beside them.

import type { Path } from "../../core/index.ts";
import type { PlannedNamespace } from "../../model/index.ts";

export const BACKUP_NAMESPACE = "backup";
export const BACKUP_AREA = "infrastructure/backup";

export function backupNamespace(origin: Path): PlannedNamespace {
  return { name: BACKUP_NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin };
}

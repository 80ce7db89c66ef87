// Whether the namespaces roles are limited to are there, and hold apps.

import type { PlannedCluster } from "../contracts/plan.ts";
import { danglingReference } from "../diagnostics.ts";
import type { Resolution } from "./resolve-plan.ts";

export function checkRoles(
  { report }: Pick<Resolution, "report">,
  { roles, namespaces }: Pick<PlannedCluster, "roles" | "namespaces">,
): void {
  const known = namespaces.filter(({ tenancy }) => tenancy === "app").map(({ name }) => name);
  for (const role of roles) {
    (role.namespaces ?? []).forEach((name, index) => {
      if (known.includes(name)) return;
      const path = [...role.origin, "namespaces", index];
      report(danglingReference(path, { name, target: "namespace of apps", known }));
    });
  }
}

// Whether the cluster's tokens stand for identities of the cloud that apps name.

import type { PlannedApp, PlannedCluster } from "../contracts/plan.ts";
import { foreignIdentity, noWorkloadIdentity } from "../plan-diagnostics.ts";
import type { Resolution } from "./resolve-plan.ts";

export function checkIdentities(
  { report }: Pick<Resolution, "report">,
  { apps, substrate }: Pick<PlannedCluster, "apps" | "substrate">,
): void {
  const { workloadIdentity, displayName } = substrate;
  for (const { identity, name, origin } of apps) {
    if (identity === undefined) continue;
    const path = [...origin, "identity"];
    if (workloadIdentity === undefined)
      report(noWorkloadIdentity(path, { app: name, substrate: displayName }));
    else if (!new RegExp(workloadIdentity.pattern).test(identity))
      report(foreignIdentity(path, { identity, expected: workloadIdentity.expected }));
  }
}

/** Whose identity an app stands for on this cluster; undefined where it uses credentials it is given. */
export function identityCloud(
  { identity }: Pick<PlannedApp, "identity">,
  { workloadIdentity }: PlannedCluster["substrate"],
): string | undefined {
  return identity === undefined ? undefined : workloadIdentity?.cloud;
}

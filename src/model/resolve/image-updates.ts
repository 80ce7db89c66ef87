// Whether tags of images have exactly one writer: the delivery engine where an app asks for it, else the definition, its lock,
// or whoever builds images.

import type { PlannedCluster } from "../contracts/plan.ts";
import { hasVersion } from "../lock/update-lock.ts";
import { twoTagWriters, updatesNeedKustomize, updatesNeedWriter } from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Resolution } from "./resolve-plan.ts";

export function checkImageUpdates(
  { definition, environment, registry, report }: Resolution,
  { name: cluster, slots }: Pick<PlannedCluster, "name" | "slots">,
): void {
  const hasWriter = slots.some(({ provides }) => provides.includes("imageUpdates"));
  for (const [name, { image, updates }] of environment.settings.apps) {
    if (updates === undefined) continue;
    const path = environment.originOf(["apps", name, "updates"]);
    if (hasVersion(image)) {
      const first = environment.originOf(["apps", name, "image"]);
      report(twoTagWriters(path, { app: name, image, first }));
    }
    if (!hasWriter) {
      const fillers = fillersOf(registry, "imageUpdates");
      report(updatesNeedWriter(path, { cluster, fillers }));
    }
    if (definition.packaging !== "kustomize")
      report(updatesNeedKustomize(path, { packaging: definition.packaging }));
  }
}

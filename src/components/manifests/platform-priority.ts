// The class of pods that an operator makes from a resource of ours: nobody else can give it to them.

import type { PlannedCluster } from "../../model/index.ts";
import type { Fields } from "./pod-template.ts";

/** `priorityClassName` as part of a pod's spec, or nothing where there are no classes. */
export function platformPriority({ slots }: Pick<PlannedCluster, "slots">): Fields {
  const ranked = slots.some(({ provides }) => provides.includes("priorityClasses"));
  return ranked ? { priorityClassName: "platform" } : {};
}

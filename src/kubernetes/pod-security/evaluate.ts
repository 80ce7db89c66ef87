// Whether a pod may run at a Pod Security level. Written once for the checks and for admission.

import { BASELINE, type Control } from "./baseline.ts";
import { podFields, type PodLike } from "./pod-fields.ts";
import { RESTRICTED } from "./restricted.ts";

export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface PodSecurityViolation {
  /** `capabilities`, `runAsNonRoot` … */
  readonly control: string;
  /** Lower-case, one clause: `container web may run as root`. */
  readonly message: string;
}

/** Empty when the pod passes. Controls in a fixed order, baseline first. */
export function podSecurityViolations(
  pod: PodLike,
  level: PodSecurityLevel,
): readonly PodSecurityViolation[] {
  const fields = podFields(pod);
  return controlsOf(level).flatMap(([control, check]) =>
    check(fields).map((message) => ({ control, message })),
  );
}

/** A control that exists at both levels is the stricter one at restricted. */
function controlsOf(level: PodSecurityLevel): readonly (readonly [string, Control])[] {
  if (level === "privileged") return [];
  return Object.entries(level === "baseline" ? BASELINE : { ...BASELINE, ...RESTRICTED });
}

// Whether a pod may run at a Pod Security level. Written once for the checks and for admission.
// Mirrors pod-security-admission policy/registry.go @v1.36.

import { BASELINE } from "./baseline.ts";
import type { Check, CheckPod, Finding } from "./check.ts";
import { podFields, type PodLike } from "./pod-fields.ts";
import type { PodSecurityLevel, PodSecurityVersion } from "./policy.ts";
import { RESTRICTED } from "./restricted.ts";

export interface PodSecurityViolation extends Finding {
  /** `capabilities_restricted`, `runAsNonRoot` … */
  readonly control: string;
  /** Reason and detail, as the server prints them: `runAsUser=0 (pod must not set runAsUser=0)`. */
  readonly message: string;
}

/** Empty when the pod passes. Checks in the server's order, baseline first. */
export function podSecurityViolations(
  pod: PodLike,
  level: PodSecurityLevel,
  version: PodSecurityVersion = "latest",
): readonly PodSecurityViolation[] {
  const fields = podFields(pod);
  return checksOf(level, version).flatMap(([control, check]) => {
    const finding = check(fields);
    if (finding === undefined) return [];
    const { reason, detail } = finding;
    return [{ ...finding, control, message: `${reason} (${detail})` }];
  });
}

type Chosen = readonly [id: string, check: CheckPod];

const chosen = new Map<string, readonly Chosen[]>();

function checksOf(level: PodSecurityLevel, version: PodSecurityVersion): readonly Chosen[] {
  const key = `${level}:${version}`;
  const known = chosen.get(key) ?? chooseChecks(level, version);
  chosen.set(key, known);
  return known;
}

function chooseChecks(level: PodSecurityLevel, version: PodSecurityVersion): readonly Chosen[] {
  if (level === "privileged") return [];
  const minor = version === "latest" ? Infinity : version;
  const baseline = BASELINE.flatMap((check) => revisionOf(check, minor));
  if (level === "baseline") return baseline;
  const restricted = RESTRICTED.flatMap((check) => revisionOf(check, minor));
  const overridden = new Set(
    RESTRICTED.filter(({ id }) => restricted.some(([one]) => one === id)).map(
      ({ overrides }) => overrides,
    ),
  );
  return [...baseline.filter(([id]) => !overridden.has(id)), ...restricted];
}

function revisionOf({ id, revisions }: Check, minor: number): readonly Chosen[] {
  const revision = revisions.findLast(({ since }) => since <= minor);
  return revision === undefined ? [] : [[id, revision.check]];
}

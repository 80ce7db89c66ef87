// Checks that both levels need, the stricter one with something on top. Mirrors pod-security-admission
// policy/check_procMount_baseline.go and check_seccompProfile_*.go @v1.36.

import { plainText } from "../../core/index.ts";
import { culprits, distinct, naming, quoted } from "./check.ts";
import type { CheckPod } from "./check.ts";
import { recordOf } from "./pod-fields.ts";
import type { Fields } from "./pod-fields.ts";

export const procMount: CheckPod = ({ containers }) => {
  const mountOf = ({ procMount: mount }: Fields): string => plainText(mount ?? "Default");
  const bad = containers.filter(({ securityContext }) => mountOf(securityContext) !== "Default");
  if (bad.length === 0) return undefined;
  const types = distinct(bad.map(({ securityContext }) => mountOf(securityContext)));
  const detail = `${naming(bad)} must not set securityContext.procMount to ${quoted(types)}`;
  return { reason: "procMount", detail };
};

/** Types that are stated and not allowed. */
export const seccompTypes: CheckPod = (pod) => {
  const bad = culprits(pod, (context) => hasSeccomp(context) && !isConfined(context));
  if (bad === undefined) return undefined;
  const values = quoted(
    distinct(bad.contexts.map((context) => plainText(seccompOf(context) ?? ""))),
  );
  const detail = `${bad.text} must not set securityContext.seccompProfile.type to ${values}`;
  return { reason: "seccompProfile", detail };
};

export function hasSeccomp({ seccompProfile }: Fields): boolean {
  return (seccompProfile ?? undefined) !== undefined;
}

export function isConfined(context: Fields): boolean {
  const type = seccompOf(context);
  return type === "RuntimeDefault" || type === "Localhost";
}

function seccompOf(context: Fields): unknown {
  return recordOf(context["seccompProfile"])["type"];
}

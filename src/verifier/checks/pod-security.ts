// Every pod must pass the Pod Security level its namespace enforces, or the cluster refuses it; and a namespace below
// restricted says why.

import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, podSecurityViolations, refOf } from "../../kubernetes/index.ts";
import type { Check } from "../target-view.ts";

export const refusedPod = defineDiagnostic<{
  object: string;
  namespace: string;
  level: string;
  problem: string;
}>({
  code: "verify/refused-pod",
  severity: "error",
  message: ({ object, namespace, level, problem }) =>
    `${object}: ${problem}, which ${namespace} refuses (${level})`,
});

export const unexplainedPrivilege = defineDiagnostic<{ namespace: string; level: string }>({
  code: "verify/unexplained-privilege",
  severity: "warning",
  message: ({ namespace, level }) =>
    `namespace ${namespace} allows ${level} pods and nobody says why`,
});

export const checkPodSecurity: Check = function* (view) {
  const levels = new Map(
    view.cluster.namespaces.map(({ name, podSecurity }) => [name, podSecurity]),
  );
  for (const { compiled, namespace, spec } of view.pods) {
    const level = levels.get(namespace) ?? "privileged";
    for (const { message } of podSecurityViolations({ spec }, level)) {
      const object = displayRef(refOf(compiled.object));
      yield refusedPod(compiled.origin.path, { object, namespace, level, problem: message });
    }
  }
  for (const { name, tenancy, podSecurity, podSecurityReason, origin } of view.cluster.namespaces) {
    const explained = podSecurity === "restricted" || podSecurityReason !== undefined;
    if (explained || tenancy === "system") continue;
    yield unexplainedPrivilege(origin, { namespace: name, level: podSecurity });
  }
};

// Whoever listens says when it is ready and when it has to be restarted; without the first a rollout sends requests to pods that
// cannot answer yet, without the second a pod that hangs stays.

import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { Container } from "../pod-template.ts";
import type { Check } from "../target-view.ts";

export const missingProbe = defineDiagnostic<{
  object: string;
  container: string;
  missing: readonly string[];
}>({
  code: "verify/missing-probe",
  severity: "warning",
  message: ({ object, container, missing }) =>
    `${object}: container ${container} listens and has no ${missing.join(" and no ")} probe`,
  hint: () =>
    "say what it answers with health: { liveness, readiness }; health: false is for what serves nobody",
});

const LASTING: ReadonlySet<string> = new Set(["Deployment", "StatefulSet"]);

export const checkProbes: Check = function* (view) {
  for (const { compiled, containers } of view.pods) {
    if (!LASTING.has(compiled.object.kind)) continue;
    for (const container of containers.filter(({ init, ports }) => !init && ports.length > 0)) {
      const missing = missingProbes(container);
      if (missing.length === 0) continue;
      const facts = {
        object: displayRef(refOf(compiled.object)),
        container: container.name,
        missing,
      };
      yield missingProbe(compiled.origin.path, facts);
    }
  }
};

function missingProbes({ fields }: Container): string[] {
  return ["readiness", "liveness"].filter((probe) => fields[`${probe}Probe`] === undefined);
}

// What the definition asks for and nothing writes: files of machines and links, and whatever its roadmap wants now. Said, so
// that nobody takes silence for done.

import { defineDiagnostic } from "../../core/index.ts";
import type { Check } from "../target-view.ts";

export const notEmittedYet = defineDiagnostic<{ subject: string; what: string }>({
  code: "platform/not-emitted-yet",
  severity: "info",
  message: ({ subject, what }) => `${subject} is not emitted yet: ${what}`,
});

export const checkNotEmitted: Check = function* ({ cluster, plan }) {
  const { notEmitted, displayName } = cluster.substrate;
  if (notEmitted !== undefined) {
    const subject = `part of ${displayName}`;
    yield notEmittedYet(["clusters", cluster.name], { subject, what: notEmitted });
  }
  for (const { component, facts, path } of plan.links) {
    if (facts.notEmitted === undefined) continue;
    yield notEmittedYet(path, { subject: `the ${component} link`, what: facts.notEmitted });
  }
  for (const { name, what, maturity, path } of plan.roadmap) {
    if (maturity !== "roadmap") yield notEmittedYet(path, { subject: name, what });
  }
};

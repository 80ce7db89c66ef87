// A CronJob without a time zone runs in whatever zone the controller manager happens to have.

import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { recordOf } from "../pod-template.ts";
import type { Check } from "../target-view.ts";

export const missingTimeZone = defineDiagnostic<{ object: string; schedule: string }>({
  code: "verify/missing-time-zone",
  severity: "error",
  message: ({ object, schedule }) => `${object} runs at ${schedule} in a time zone nobody states`,
  hint: () => 'add timeZone, e.g. "Etc/UTC"',
});

export const checkCronTimeZone: Check = function* (view) {
  for (const { object, path, compiled } of view.ofKind("CronJob")) {
    const { schedule, timeZone } = recordOf(object["spec"]);
    if (compiled === undefined || typeof timeZone === "string") continue;
    yield missingTimeZone(path, { object: displayRef(refOf(object)), schedule: String(schedule) });
  }
};

// What can be wrong with an app that this provider alone can know.

import { defineDiagnostic } from "../../../core/index.ts";

export const releaseNeedsTrafficSplit = defineDiagnostic<{ readonly release: string }>({
  code: "app/release-needs-traffic-split",
  severity: "error",
  message: ({ release }) =>
    `a ${release} release shifts traffic step by step, and no chosen component splits traffic`,
  hint: () => `write release: { kind: "rolling" }`,
});

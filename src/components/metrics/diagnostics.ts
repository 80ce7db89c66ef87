// What cannot be asked of a store of metrics.

import { defineDiagnostic } from "../../core/index.ts";

export const volatileMetrics = defineDiagnostic<{ environment: string }>({
  code: "metrics/volatile-store",
  severity: "error",
  message: ({ environment }) =>
    `metrics of the highly available environment ${environment} would be lost with their pod`,
  hint: () => `write storage: "50Gi"`,
});

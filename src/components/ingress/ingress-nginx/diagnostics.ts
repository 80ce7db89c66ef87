// What using ingress-nginx means today.

import { defineDiagnostic } from "../../../core/index.ts";

export const ingressNginxRetired = defineDiagnostic<Record<never, never>>({
  code: "component/retired",
  severity: "warning",
  message: () =>
    "ingress-nginx is retired: its repository is read-only since 2026-03-19, and no vulnerability will be fixed",
  hint: () => "write ingress: nginxGatewayFabric()",
});

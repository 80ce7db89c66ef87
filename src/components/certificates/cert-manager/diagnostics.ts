// Authorities that cannot prove what they are asked to.

import { defineDiagnostic } from "../../../core/index.ts";

export const unreachableByAuthority = defineDiagnostic<{ cluster: string; domain: string }>({
  code: "component/unreachable-by-authority",
  severity: "error",
  message: ({ cluster, domain }) =>
    `no public authority can reach ${domain} on ${cluster}, which is on a developer's machine`,
  hint: () =>
    "in that environment, write overrides.<environment>.certificates: certManager({ issuer: privateCa() })",
});

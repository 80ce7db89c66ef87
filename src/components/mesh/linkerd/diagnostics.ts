// What Linkerd cannot start without.

import { defineDiagnostic } from "../../../core/index.ts";

export const noTrustAnchor = defineDiagnostic<{ cluster: string }>({
  code: "mesh/no-trust-anchor",
  severity: "error",
  message: ({ cluster }) =>
    `Linkerd gives every pod a certificate, and nothing on ${cluster} issues the authority it signs them with`,
  hint: () =>
    'fill the slot certificates, or give the root: linkerd({ trustAnchor: "-----BEGIN CERTIFICATE-----…" })',
});

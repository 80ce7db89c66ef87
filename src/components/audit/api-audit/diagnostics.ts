// An audit policy where nobody can hand it in.

import { defineDiagnostic } from "../../../core/index.ts";

export const providersAudit = defineDiagnostic<{ substrate: string }>({
  code: "audit/policy-of-the-provider",
  severity: "info",
  message: ({ substrate }) =>
    `the API server of ${substrate} audits by its provider's policy; no policy file is written for it`,
  hint: () => "switch its audit log on at the provider; the Sigma rules read its events as well",
});

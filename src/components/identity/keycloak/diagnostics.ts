// A Keycloak without what it stands on.

import { defineDiagnostic } from "../../../core/index.ts";

export const signInNotPossible = defineDiagnostic<{ substrate: string }>({
  code: "identity/cluster-asks-elsewhere",
  severity: "info",
  message: ({ substrate }) =>
    `${substrate} takes no OpenID Connect issuer of yours: kubectl signs in with the provider's own accounts`,
  hint: () =>
    "give the provider's groups the names that roles have; the platform's pages still ask Keycloak",
});

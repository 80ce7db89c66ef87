// What the External Secrets Operator cannot work with.

import { defineDiagnostic } from "../../../core/index.ts";

export const storeNotChosen = defineDiagnostic<{ given: number }>({
  code: "secrets/store-not-chosen",
  severity: "error",
  message: ({ given }) =>
    given === 0
      ? "external-secrets has no store to read from"
      : "external-secrets reads from one store, and two are given",
  hint: () => "give either vault: { address } or aws: { region }; a second store is a second entry",
});

export const noServer = defineDiagnostic<Record<never, never>>({
  code: "secrets/no-server",
  severity: "error",
  message: () => "external-secrets is to read a Vault beside it, and there is none",
  hint: () => "write vault: { address }, or add vault() or openbao() to secrets",
});

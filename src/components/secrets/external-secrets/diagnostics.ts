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

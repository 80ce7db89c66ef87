// An agent that has nothing to read from.

import { defineDiagnostic } from "../../../core/index.ts";

export const noServerToInjectFrom = defineDiagnostic<Record<never, never>>({
  code: "secrets/no-server-to-inject-from",
  severity: "error",
  message: () => "agents are to read a Vault beside them, and there is none",
  hint: () => 'write address: "https://…:8200", or add vault() or openbao() to secrets',
});

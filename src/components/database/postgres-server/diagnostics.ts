// What a single server cannot promise.

import { defineDiagnostic } from "../../../core/index.ts";

export const serverDoesNotReplicate = defineDiagnostic<{
  readonly database: string;
  readonly wanted: string;
}>({
  code: "database/provider-does-not-replicate",
  severity: "error",
  message: ({ database, wanted }) =>
    `${database} asks for ${wanted}; postgres-server runs one server, and several pods of it would be independent databases`,
  hint: () =>
    `leave it out, or choose providers.postgres: externalPostgres({ host: … }), whose service replicates`,
});

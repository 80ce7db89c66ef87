// What a single server cannot promise.

import { defineDiagnostic } from "../../core/index.ts";
import type { PlannedDatabase, ResolveContext, Unbound } from "../../model/index.ts";

const serverDoesNotReplicate = defineDiagnostic<{
  readonly database: string;
  readonly wanted: string;
  readonly provider: string;
  readonly instead: string;
}>({
  code: "database/provider-does-not-replicate",
  severity: "error",
  message: ({ database, wanted, provider }) =>
    `${database} asks for ${wanted}; ${provider} runs one server, and several pods of it would be independent databases`,
  hint: ({ instead }) => `leave it out, or choose ${instead}`,
});

/** Of a provider with one server a database: several are refused, with who does that. */
export function reportReplication(
  { report }: ResolveContext,
  { name, instances, origin }: Unbound<PlannedDatabase>,
  provider: string,
  instead: string,
): void {
  if (instances <= 1) return;
  const wanted = `${instances} instances`;
  const about = { database: name, wanted, provider, instead };
  report(serverDoesNotReplicate([...origin, "instances"], about));
}

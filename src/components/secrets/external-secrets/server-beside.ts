// The server of secrets that the platform itself has.

import type { Offer, PlannedCluster } from "../../../model/index.ts";
import type { ExternalSecretsOptions } from "./options.ts";

/** What servers of secrets speak that the operator can read. */
const FORM = "vault-kv2";

/** The server of the platform that a store without an address reads. */
export function serverBeside(
  { vault }: ExternalSecretsOptions,
  offers: PlannedCluster["offers"],
): Offer | undefined {
  if (vault === undefined || vault.address !== undefined) return undefined;
  return offers.find(({ capability, form }) => capability === "secretValues" && form === FORM);
}

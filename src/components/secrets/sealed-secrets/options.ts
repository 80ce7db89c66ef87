// Options of Sealed Secrets.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface SealedSecretsInput {
  /** How often the controller makes a new sealing key. Old ones still open what they sealed. Default 720h (30 days). */
  keyRenewPeriod?: string;
}

export interface SealedSecretsOptions {
  readonly keyRenewPeriod: string;
}

export const sealedSecretsSchema = object<SealedSecretsInput, SealedSecretsOptions>({
  keyRenewPeriod: optional(string("duration"), "720h"),
});

/** Secrets encrypted for one cluster's key; the blobs are committed. */
export function sealedSecrets(
  options: SealedSecretsInput = {},
): Tagged<"sealed-secrets", SealedSecretsInput> {
  return { kind: "sealed-secrets", ...options };
}

// Seals filled secrets for one environment's public key: one blob per namespace, name and key.

import type { KeyObject } from "node:crypto";

import { sealedEnvelope } from "../../components/index.ts";
import type { PlannedSecret, SealedValues } from "../../model/index.ts";
import type { SecretValues } from "./secret-values.ts";

/** Secret id → namespace → key → blob; the form of the sealed file. */
export async function sealSecrets(
  secrets: readonly { readonly secret: PlannedSecret; readonly values: SecretValues }[],
  publicKey: KeyObject,
): Promise<SealedValues> {
  const { sealValue } = await sealedEnvelope();
  const seal: Seal = (plaintext, scope) => sealValue(plaintext, scope, publicKey);
  const entries = secrets.map(
    ({ secret, values }) => [secret.id, sealCopies(secret, values, seal)] as const,
  );
  return Object.fromEntries(entries);
}

type Seal = (
  plaintext: string,
  scope: { readonly namespace: string; readonly name: string },
) => string;

function sealCopies(
  { name, namespaces }: PlannedSecret,
  values: SecretValues,
  seal: Seal,
): SealedValues[string] {
  const copies = namespaces.map((namespace) => {
    const blobs = Object.entries(values).map(([key, value]) => [
      key,
      seal(value, { namespace, name }),
    ]);
    return [namespace, Object.fromEntries(blobs) as Record<string, string>] as const;
  });
  return Object.fromEntries(copies);
}

/** Blobs of the newer win, key by key; what it does not name stays. */
export function mergeSealed(older: SealedValues, newer: SealedValues): SealedValues {
  const merged: Record<string, Record<string, Record<string, string>>> = {};
  for (const values of [older, newer]) {
    for (const [id, copies] of Object.entries(values)) {
      for (const [namespace, blobs] of Object.entries(copies)) {
        merged[id] = { ...merged[id], [namespace]: { ...merged[id]?.[namespace], ...blobs } };
      }
    }
  }
  return merged;
}

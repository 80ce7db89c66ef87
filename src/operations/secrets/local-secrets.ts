// The secrets of a laptop: a sealing key of its own and generated values, kept in the state folder with mode 0600 so that a
// restart finds the same ones. They exist nowhere else and are worth nothing elsewhere.

import { createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { selfSignedCertificate } from "../../cluster/index.ts";
import { canonicalJson, DAY_MS, type InstantMs } from "../../core/index.ts";
import type { PlannedSecret, SealedValues } from "../../model/index.ts";
import { fillSecret, type SecretValues } from "./secret-values.ts";
import { sealSecrets } from "./seal-secrets.ts";
import { mergeSecrets } from "./merge-secrets.ts";

export interface LocalSecrets {
  /** The controller's key pair as PEM; goes only into the embedded cluster. */
  readonly sealingKey: SealingKey;
  readonly sealed: SealedValues;
  /** What a store outside the cluster would hold. */
  readonly values: SecretValuesById;
}

/** Id of a PlannedSecret → its plaintext. */
export type SecretValuesById = Readonly<Record<string, SecretValues>>;

export interface SealingKey {
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

/** `--key-ttl` of the controller: ten years. */
const KEY_LIFETIME_MS = 3650 * DAY_MS;
/** The controller makes 4096 bits; 2048 is enough for a key that never leaves the laptop and is made in 0.1 s. */
const LOCAL_KEY_BITS = 2048;

/** `directory` is the state folder, `scope` the environment. Blobs are kept too: sealing is randomised, trees are not. */
export async function localSecrets(
  directory: string,
  scope: string,
  planned: readonly PlannedSecret[],
  now: InstantMs,
): Promise<LocalSecrets> {
  const secrets = mergeSecrets(planned);
  const folder = join(directory, "secrets");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyPem = await readOrMake(join(folder, `${scope}.sealing-key.pem`), makeKeyPem);
  const certificatePem = await readOrMake(join(folder, `${scope}.sealing-cert.pem`), () =>
    Promise.resolve(certify(keyPem, now)),
  );
  const kept = await readKept(join(folder, `${scope}.json`));
  const filled = await fillAll(secrets, kept.values);
  const sealed = await keepFitting(secrets, filled, kept, createPublicKey(keyPem));
  const values = {
    ...kept.values,
    ...Object.fromEntries(filled.map(({ secret, values: own }) => [secret.id, own])),
  };
  await writePrivate(
    join(folder, `${scope}.json`),
    `${canonicalJson({ values, sealed: { ...kept.sealed, ...sealed } })}\n`,
  );
  return { sealingKey: { certificatePem, keyPem }, sealed, values };
}

interface Kept {
  readonly values: Readonly<Record<string, SecretValues>>;
  readonly sealed: SealedValues;
}

interface Filled {
  readonly secret: PlannedSecret;
  readonly values: SecretValues;
}

async function fillAll(secrets: readonly PlannedSecret[], kept: Kept["values"]): Promise<Filled[]> {
  const filling = secrets.map(async (secret) => {
    const { values } = await fillSecret(secret, {
      given: kept[secret.id] ?? {},
      inventPersonal: true,
    });
    return { secret, values };
  });
  return Promise.all(filling);
}

/** A blob is made anew only when its value or its place is new. */
async function keepFitting(
  secrets: readonly PlannedSecret[],
  filled: readonly Filled[],
  kept: Kept,
  publicKey: KeyObject,
): Promise<SealedValues> {
  const fits = ({ secret, values }: Filled): boolean =>
    canonicalJson(values) === canonicalJson(kept.values[secret.id]) &&
    secret.namespaces.every((namespace) =>
      Object.keys(values).every((key) => kept.sealed[secret.id]?.[namespace]?.[key] !== undefined),
    );
  const fresh = await sealSecrets(
    filled.filter((entry) => !fits(entry)),
    publicKey,
  );
  return Object.fromEntries(secrets.map(({ id }) => [id, fresh[id] ?? kept.sealed[id] ?? {}]));
}

function certify(keyPem: string, now: InstantMs): string {
  const request = {
    commonName: "sealed-secrets",
    use: "encryption",
    now,
    lifetimeMs: KEY_LIFETIME_MS,
  } as const;
  return selfSignedCertificate(keyPem, request).certificatePem;
}

async function makeKeyPem(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: LOCAL_KEY_BITS });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

async function readOrMake(path: string, make: () => Promise<string>): Promise<string> {
  const known = await readIfPresent(path);
  if (known !== undefined) return known;
  const made = await make();
  await writePrivate(path, made);
  return made;
}

async function readKept(path: string): Promise<Kept> {
  const text = await readIfPresent(path);
  // The file is written only here, by rename, so it is whole or absent.
  return text === undefined ? { values: {}, sealed: {} } : (JSON.parse(text) as Kept);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function writePrivate(path: string, text: string): Promise<void> {
  const scratch = `${path}.new`;
  await writeFile(scratch, text, { mode: 0o600 });
  await rename(scratch, path);
}

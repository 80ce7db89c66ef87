// Fills the keys of a planned secret: values given by a person, kept from before, fixed, derived or newly generated.

import { randomBytes } from "node:crypto";

import type { PlannedSecret, SecretKey } from "../../model/index.ts";

/** Key of the secret → plaintext. Never printed, never written outside a 0600 file. */
export type SecretValues = Readonly<Record<string, string>>;

export interface FilledSecret {
  readonly values: SecretValues;
  /** Keys only a person can give, and nobody has. */
  readonly missing: readonly Extract<SecretKey, { source: "person" }>[];
}

export interface FillOptions {
  /** Given or kept values; they win over everything but derived keys. */
  readonly given: SecretValues;
  /** Makes up what only a person can know: right for a laptop, nowhere else. */
  readonly inventPersonal: boolean;
}

const INVENTED_LENGTH = 24;
const PASSWORD_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

export async function fillSecret(
  secret: PlannedSecret,
  options: FillOptions,
): Promise<FilledSecret> {
  const values: Record<string, string> = {};
  for (const key of secret.keys) if (!isDerived(key)) assign(values, key, options);
  for (const key of secret.keys)
    if (isDerived(key)) values[key.key] = await derive(key, values, options.given);
  const personal = secret.keys.filter((key) => key.source === "person");
  return { values, missing: personal.filter(({ key }) => values[key] === undefined) };
}

type Derived = Extract<SecretKey, { source: "htpasswd" | "template" }>;

const isDerived = (key: SecretKey): key is Derived =>
  key.source === "htpasswd" || key.source === "template";

function assign(
  values: Record<string, string>,
  key: Exclude<SecretKey, Derived>,
  { given, inventPersonal }: FillOptions,
): void {
  const value = given[key.key] ?? newValue(key, inventPersonal);
  if (value !== undefined) values[key.key] = value;
}

function newValue(key: Exclude<SecretKey, Derived>, inventPersonal: boolean): string | undefined {
  switch (key.source) {
    case "fixed":
      return key.value;
    case "generated":
      return randomPassword(key.length);
    case "person":
      return inventPersonal ? randomPassword(INVENTED_LENGTH) : undefined;
  }
}

/** Uniform over an alphabet that needs no quoting in URLs, shells or YAML. */
function randomPassword(length: number): string {
  const fair = 256 - (256 % PASSWORD_ALPHABET.length);
  let password = "";
  while (password.length < length) {
    const [byte = fair] = randomBytes(1);
    if (byte < fair) password += PASSWORD_ALPHABET[byte % PASSWORD_ALPHABET.length];
  }
  return password;
}

async function derive(key: Derived, values: SecretValues, given: SecretValues): Promise<string> {
  if (key.source === "template")
    return key.template.replace(/\$\{([^}]+)\}/g, (_, name: string) => values[name] ?? "");
  return htpasswdLine(key.user, values[key.passwordKey] ?? "", given[key.key]);
}

/** bcrypt salts differ every time: a line that still fits the password is kept, so that nothing changes by itself. */
async function htpasswdLine(
  user: string,
  password: string,
  known: string | undefined,
): Promise<string> {
  const { compare, hash } = await import("bcryptjs");
  const [knownUser = "", knownHash = ""] = known?.split(":") ?? [];
  if (knownUser === user && (await compare(password, knownHash))) return `${user}:${knownHash}`;
  return `${user}:${await hash(password, BCRYPT_COST)}`;
}

/** What `htpasswd -B` uses by default is 5; 10 is bcrypt's own default and still fast enough for a registry. */
const BCRYPT_COST = 10;

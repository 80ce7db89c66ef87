// Where credentials are kept: one file, readable by its owner only, replaced as a whole.

import { createPrivateKey } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isRecord } from "../../../core/index.ts";
import type { KeyPairPem } from "./certificate-profile.ts";
import type { Credentials } from "./credentials.ts";

const FILE_NAME = "credentials.json";
const TOKEN_MIN_LENGTH = 32;

/** What can be read; nothing when the file is absent or damaged, because everything in it can be made again. */
export function readCredentials(directory: string): Partial<Credentials> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(directory, FILE_NAME), "utf8"));
  } catch {
    return {};
  }
  if (!isRecord(value)) return {};
  const pairs: Record<string, KeyPairPem> = {};
  for (const name of ["authority", "server", "admin"]) {
    const pair = readPair(value[name]);
    if (pair !== undefined) pairs[name] = pair;
  }
  const { token, serviceAccountKeyPem: key } = value;
  const isToken = typeof token === "string" && token.length >= TOKEN_MIN_LENGTH;
  return {
    ...pairs,
    ...(isToken ? { token } : {}),
    ...(isPrivateKey(key) ? { serviceAccountKeyPem: key } : {}),
  };
}

export function writeCredentials(directory: string, credentials: Credentials): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const path = join(directory, FILE_NAME);
  const fresh = `${path}.new`;
  writeFileSync(fresh, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, path);
}

function isPrivateKey(value: unknown): value is string {
  try {
    return typeof value === "string" && createPrivateKey(value).asymmetricKeyType === "ec";
  } catch {
    return false;
  }
}

function readPair(value: unknown): KeyPairPem | undefined {
  if (!isRecord(value)) return undefined;
  const { certificatePem, keyPem } = value;
  return typeof certificatePem === "string" && typeof keyPem === "string"
    ? { certificatePem, keyPem }
    : undefined;
}

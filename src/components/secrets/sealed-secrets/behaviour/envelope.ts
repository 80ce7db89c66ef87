// How Sealed Secrets wraps one value: a one-time AES-256-GCM key, itself encrypted with RSA-OAEP (SHA-256) under a label
// that binds it to a namespace and name. Mirrors bitnami-labs/sealed-secrets pkg/crypto/crypto.go at v0.36.

import {
  constants,
  createCipheriv,
  createDecipheriv,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from "node:crypto";

/** A key that encrypts once may use a fixed nonce; this is the scheme's choice. */
const ZERO_NONCE = Buffer.alloc(12);
const SESSION_KEY_BYTES = 32;
const TAG_BYTES = 16;
const LENGTH_BYTES = 2;

/** Strict scope: only a Secret of this name in this namespace can be made from the blob. */
export interface SealScope {
  readonly namespace: string;
  readonly name: string;
}

/** Base64, as it stands in `spec.encryptedData`. */
export function sealValue(plaintext: string, scope: SealScope, publicKey: KeyObject): string {
  const sessionKey = randomBytes(SESSION_KEY_BYTES);
  const wrapped = publicEncrypt({ key: publicKey, ...oaep(scope) }, sessionKey);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(wrapped.length);
  const cipher = createCipheriv("aes-256-gcm", sessionKey, ZERO_NONCE);
  const body = Buffer.concat([
    cipher.update(plaintext, "utf8"),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return Buffer.concat([length, wrapped, body]).toString("base64");
}

/** The plaintext bytes, or undefined when this key or scope cannot open the blob. */
export function unsealValue(
  blob: string,
  scope: SealScope,
  privateKey: KeyObject,
): Buffer | undefined {
  const bytes = Buffer.from(blob, "base64");
  if (bytes.length < LENGTH_BYTES) return undefined;
  const bodyStart = LENGTH_BYTES + bytes.readUInt16BE(0);
  if (bytes.length < bodyStart + TAG_BYTES) return undefined;
  try {
    const sessionKey = privateDecrypt(
      { key: privateKey, ...oaep(scope) },
      bytes.subarray(LENGTH_BYTES, bodyStart),
    );
    const decipher = createDecipheriv("aes-256-gcm", sessionKey, ZERO_NONCE);
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([
      decipher.update(bytes.subarray(bodyStart, -TAG_BYTES)),
      decipher.final(),
    ]);
  } catch {
    return undefined; // wrong key, wrong scope or a damaged blob: the library tells them apart no better
  }
}

const oaep = ({
  namespace,
  name,
}: SealScope): { padding: number; oaepHash: string; oaepLabel: Buffer } => ({
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: "sha256",
  oaepLabel: Buffer.from(`${namespace}/${name}`),
});

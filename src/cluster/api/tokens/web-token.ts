// JSON Web Tokens signed with ES256, synchronously. Sources: RFC 7519, RFC 7515, RFC 7518 section 3.4.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isRecord } from "../../../core/index.ts";

export type Claims = Readonly<Record<string, unknown>>;

export interface WebTokenSigner {
  sign(claims: Claims): string;
  /** The claims of a token this signer made; undefined for any other text. Times are not looked at. */
  read(token: string): Claims | undefined;
  /** What verifies its tokens, as RFC 7517 writes it. */
  readonly publicKey: Readonly<Record<string, unknown>>;
}

/** Without a PEM private key (P-256) a new one is made. */
export function createWebTokenSigner(privateKeyPem?: string): WebTokenSigner {
  const privateKey = privateKeyPem === undefined ? newKey() : createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  const kid = keyId(publicKey);
  const header = encode({ alg: "ES256", kid });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  return {
    publicKey: { use: "sig", kty, kid, crv, alg: "ES256", x, y },
    sign(claims) {
      const signed = `${header}.${encode(claims)}`;
      const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
      return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
    },
    read(token) {
      const [head, body, signature, ...rest] = token.split(".");
      if (head !== header || body === undefined || signature === undefined || rest.length > 0) {
        return undefined;
      }
      const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
      const bytes = Buffer.from(signature, "base64url");
      return verify("sha256", Buffer.from(`${head}.${body}`), key, bytes)
        ? decode(body)
        : undefined;
    },
  };
}

function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

function keyId(key: KeyObject): string {
  const der = key.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64url");
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value), "utf8").toString("base64url");
}

/** Only called on what was signed here, which is JSON. */
function decode(part: string): Claims | undefined {
  const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  return isRecord(value) ? value : undefined;
}

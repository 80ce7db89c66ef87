// What one embedded cluster proves itself with: its authority, its server certificate, the administrator's client
// certificate and bearer token. Kept in a state directory, so that a kubeconfig stays valid over restarts.

import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";

import { addressVersion, DAY_MS } from "../../../core/index.ts";
import type { CertificateAuthority, KeyPairPem } from "./certificate-profile.ts";
import { readCredentials, writeCredentials } from "./credential-file.ts";
import { createAuthority, issueCertificate } from "./issue-certificate.ts";

export interface Credentials {
  readonly authority: CertificateAuthority;
  readonly server: KeyPairPem;
  /** CN kubernetes-admin, O system:masters. */
  readonly admin: KeyPairPem;
  readonly token: string;
  /** Private key (PEM, P-256) that signs tokens of service accounts. */
  readonly serviceAccountKeyPem: string;
}

export interface CredentialOptions {
  /** Absent: nothing is kept. */
  readonly stateDirectory?: string | undefined;
  /** Real time, milliseconds since the epoch: TLS peers check against it. */
  readonly now: number;
  /** Names and addresses the server is reached by. */
  readonly hosts: readonly string[];
}

export const ADMIN_USER = "kubernetes-admin";
export const ADMIN_GROUP = "system:masters";

const AUTHORITY_LIFETIME_MS = 3650 * DAY_MS;
const LEAF_LIFETIME_MS = 365 * DAY_MS;
/** Renewed when less than this is left, so that a server started today lasts. */
const RENEW_BEFORE_MS = 30 * DAY_MS;
const TOKEN_BYTES = 32;

/** Takes what is kept and still good, and makes the rest. */
export function ensureCredentials(options: CredentialOptions): Credentials {
  const kept = options.stateDirectory === undefined ? {} : readCredentials(options.stateDirectory);
  const credentials = complete(kept, options);
  if (options.stateDirectory !== undefined && !isSame(kept, credentials)) {
    writeCredentials(options.stateDirectory, credentials);
  }
  return credentials;
}

function complete(kept: Partial<Credentials>, options: CredentialOptions): Credentials {
  const { now, hosts } = options;
  const isGoodAuthority =
    kept.authority !== undefined && isGood(kept.authority, kept.authority, now, []);
  const authority =
    isGoodAuthority && kept.authority !== undefined
      ? kept.authority
      : createAuthority({ commonName: "keelson-ca", now, lifetimeMs: AUTHORITY_LIFETIME_MS });
  const reuse = (pair: KeyPairPem | undefined, names: readonly string[]): KeyPairPem | undefined =>
    pair !== undefined && isGood(pair, authority, now, names) ? pair : undefined;
  const lifetime = { now, lifetimeMs: LEAF_LIFETIME_MS };
  return {
    authority,
    server:
      reuse(kept.server, hosts) ??
      issueCertificate(authority, { commonName: "kube-apiserver", hosts, ...lifetime }),
    admin:
      reuse(kept.admin, []) ??
      issueCertificate(authority, {
        commonName: ADMIN_USER,
        organizations: [ADMIN_GROUP],
        use: "client",
        ...lifetime,
      }),
    token: kept.token ?? randomBytes(TOKEN_BYTES).toString("base64url"),
    serviceAccountKeyPem: kept.serviceAccountKeyPem ?? newTokenKeyPem(),
  };
}

function newTokenKeyPem(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** In date, signed by the authority, for these hosts, and with the key that belongs to it. */
function isGood(
  { certificatePem, keyPem }: KeyPairPem,
  authority: KeyPairPem,
  now: number,
  hosts: readonly string[],
): boolean {
  try {
    const certificate = new X509Certificate(certificatePem);
    const parent = new X509Certificate(authority.certificatePem);
    return (
      Date.parse(certificate.validFrom) <= now &&
      Date.parse(certificate.validTo) - RENEW_BEFORE_MS > now &&
      certificate.verify(parent.publicKey) &&
      certificate.checkPrivateKey(createPrivateKey(keyPem)) &&
      hosts.every((host) => isFor(certificate, host))
    );
  } catch {
    // Anything that cannot be read is made again.
    return false;
  }
}

function isFor(certificate: X509Certificate, host: string): boolean {
  const isName = addressVersion(host) === undefined;
  return (isName ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

function isSame(kept: Partial<Credentials>, made: Credentials): boolean {
  return (
    kept.authority === made.authority &&
    kept.server === made.server &&
    kept.admin === made.admin &&
    kept.token === made.token &&
    kept.serviceAccountKeyPem === made.serviceAccountKeyPem
  );
}

// Makes certificates: an authority of our own, leaves it signs, and self-signed ones for a given key.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import type { KeyObject } from "node:crypto";

import { encodeCertificate } from "./certificate-encoding.ts";
import type {
  CertificateAuthority,
  CertificateProfile,
  CertificateUse,
  KeyPairPem,
} from "./certificate-profile.ts";

export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** DNS names and IP addresses. */
  readonly hosts?: readonly string[];
  readonly use?: CertificateUse;
  /** Milliseconds since the epoch: when the certificate starts to hold. */
  readonly now: number;
  readonly lifetimeMs: number;
  /** PEM of the holder's public key; a P-256 key pair is made without it. */
  readonly publicKey?: string;
}

/** A clock that is slightly behind still accepts a new certificate. */
const BACKDATE_MS = 5 * 60_000;

export function createAuthority(
  request: Omit<CertificateRequest, "use" | "publicKey" | "hosts">,
): CertificateAuthority {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return selfSigned(privateKey, profileOf({ ...request, use: "authority" }));
}

/** `keyPem` is empty when the request brought its own public key. */
export function issueCertificate(
  authority: CertificateAuthority,
  request: CertificateRequest,
): KeyPairPem {
  const holder =
    request.publicKey === undefined
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : { publicKey: createPublicKey(request.publicKey), privateKey: undefined };
  const certificate = encodeCertificate({
    profile: profileOf(request),
    publicKey: spkiOf(holder.publicKey),
    issuer: {
      certificate: new X509Certificate(authority.certificatePem).raw,
      privateKey: createPrivateKey(authority.keyPem),
    },
    serial: randomBytes(16),
  });
  return {
    certificatePem: certificatePem(certificate),
    keyPem: holder.privateKey === undefined ? "" : pkcs8Of(holder.privateKey),
  };
}

/** A certificate for a key somebody already has (PKCS #8 or PKCS #1 PEM, RSA or EC), signed by that key. */
export function selfSignedCertificate(
  keyPem: string,
  request: Omit<CertificateRequest, "publicKey">,
): KeyPairPem {
  return selfSigned(createPrivateKey(keyPem), profileOf(request));
}

function selfSigned(privateKey: KeyObject, profile: CertificateProfile): KeyPairPem {
  const certificate = encodeCertificate({
    profile,
    publicKey: spkiOf(createPublicKey(privateKey)),
    issuer: { certificate: undefined, privateKey },
    serial: randomBytes(16),
  });
  return { certificatePem: certificatePem(certificate), keyPem: pkcs8Of(privateKey) };
}

function profileOf(request: CertificateRequest): CertificateProfile {
  const { commonName, organizations = [], hosts = [], use = "server", now, lifetimeMs } = request;
  const notBefore = now - BACKDATE_MS;
  return { commonName, organizations, hosts, use, notBefore, notAfter: now + lifetimeMs };
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

function pkcs8Of(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

export function certificatePem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

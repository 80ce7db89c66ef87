// Signs what a CertificateSigningRequest asks for with the cluster's own authority. Mirrors kubernetes
// pkg/controller/certificates/authority (CertificateAuthority.Sign, PermissiveSigningPolicy) and signer.go (duration).

import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";

import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../../core/index.ts";
import { certificateUsages, type SigningRequest } from "../../../kubernetes/index.ts";
import type { CertificateAuthority } from "./certificate-profile.ts";
import { encodeCertificate } from "./certificate-encoding.ts";
import { certificatePem } from "./issue-certificate.ts";

export interface SigningTerms {
  readonly usages: readonly string[];
  readonly expirationSeconds?: number | undefined;
}

/** The PEM of the certificate. */
export type CertificateSigner = (request: SigningRequest, terms: SigningTerms) => string;

/** `--cluster-signing-duration` of kube-controller-manager. */
const LIFETIME_MS = 365 * DAY_MS;
const LIFETIME_MS_MIN = 10 * MINUTE_MS;
const BACKDATE_MS = 5 * MINUTE_MS;
/** Shorter lives are not shortened by what they are dated back. */
const SHORT_MS = 480 * MINUTE_MS;

/** `clock`: real time, in which peers check certificates, whatever clock the cluster runs on. */
export function certificateSigner(
  authority: CertificateAuthority,
  clock: { now(): number },
): CertificateSigner {
  const parent = new X509Certificate(authority.certificatePem);
  return (request, { usages, expirationSeconds }) => {
    const { dnsNames, addresses, emails, uris, commonName, subject, publicKey } = request;
    const profile = {
      commonName,
      subject,
      use: certificateUsages(usages),
      hosts: [...dnsNames, ...emails, ...addresses, ...uris],
      ...lifeFrom(clock.now(), expirationSeconds, Date.parse(parent.validTo)),
    };
    const issuer = { certificate: parent.raw, privateKey: createPrivateKey(authority.keyPem) };
    const serial = randomBytes(16);
    return certificatePem(encodeCertificate({ profile, publicKey, issuer, serial }));
  };
}

function lifeFrom(
  now: number,
  seconds: number | undefined,
  end: number,
): { readonly notBefore: number; readonly notAfter: number } {
  const asked = seconds === undefined ? LIFETIME_MS : seconds * SECOND_MS;
  const lifetime = Math.max(LIFETIME_MS_MIN, Math.min(LIFETIME_MS, asked));
  const notBefore = now - BACKDATE_MS;
  const notAfter = (lifetime < SHORT_MS ? now : notBefore) + lifetime;
  return { notBefore, notAfter: Math.min(notAfter, end) };
}

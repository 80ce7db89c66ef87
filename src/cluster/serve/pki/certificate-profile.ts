// What a certificate says, before anybody encodes or signs it.

import type { CertificateUsages } from "../../../kubernetes/index.ts";

export interface CertificateSubject {
  readonly commonName: string;
  /** Groups of a user, when the certificate identifies one. */
  readonly organizations?: readonly string[];
}

/** `peer`: either end of a connection. */
export type CertificateUse = "server" | "client" | "peer" | "authority" | "encryption";

export interface CertificateProfile extends CertificateSubject {
  readonly use: CertificateUse | CertificateUsages;
  /** The whole subject, DER: what its holder asked for, in place of the names. */
  readonly subject?: Buffer | undefined;
  /** DNS names, IP addresses, e-mail addresses and URIs. */
  readonly hosts: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** PEM texts of a certificate and its private key. */
export interface KeyPairPem {
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

/** Sign what is made with this. */
export type CertificateAuthority = KeyPairPem;

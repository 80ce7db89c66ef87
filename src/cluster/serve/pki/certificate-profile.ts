// What a certificate says, before anybody encodes or signs it.

export interface CertificateSubject {
  readonly commonName: string;
  /** Groups of a user, when the certificate identifies one. */
  readonly organizations?: readonly string[];
}

/** `peer`: either end of a connection. */
export type CertificateUse = "server" | "client" | "peer" | "authority" | "encryption";

export interface CertificateProfile extends CertificateSubject {
  readonly use: CertificateUse;
  /** DNS names, IP addresses and URIs. */
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

// What a certificate says, before anybody encodes or signs it.

export interface CertificateSubject {
  readonly commonName: string;
  /** Groups of a user, when the certificate identifies one. */
  readonly organizations?: readonly string[];
}

export type CertificateUse = "server" | "client" | "authority" | "encryption";

export interface CertificateProfile extends CertificateSubject {
  readonly use: CertificateUse;
  /** DNS names and IP addresses. */
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

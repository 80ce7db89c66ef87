// From a profile to a signed X.509 v3 certificate (RFC 5280), synchronously and without loading anything: it is on the way
// of every first start. What it writes equals what pkijs writes, octet for octet, by its test.

import { createHash, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { addressVersion, invariant, parseRange } from "../../../core/index.ts";
import { membersOf, readDer } from "../../../kubernetes/index.ts";
import type { CertificateUsages, DerValue } from "../../../kubernetes/index.ts";
import type { CertificateProfile, CertificateUse } from "./certificate-profile.ts";
import {
  derBits,
  derContext,
  derContextOctets,
  derIdentifier,
  derInteger,
  derNull,
  derOctets,
  derSequence,
  derSetOf,
  derText,
  derTime,
  derTrue,
} from "./write-der.ts";

const COMMON_NAME = "2.5.4.3";
const ORGANIZATION = "2.5.4.10";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
const SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
const AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
const SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

/** Bits of KeyUsage: digitalSignature 0, keyEncipherment 2, keyCertSign 5, cRLSign 6. */
const USAGES: Readonly<Record<CertificateUse, CertificateUsages>> = {
  authority: { bits: [0, 5, 6], purposes: [] },
  server: { bits: [0, 2], purposes: [SERVER_AUTHENTICATION] },
  client: { bits: [0], purposes: [CLIENT_AUTHENTICATION] },
  peer: { bits: [0, 2], purposes: [SERVER_AUTHENTICATION, CLIENT_AUTHENTICATION] },
  encryption: { bits: [2], purposes: [] },
};

const SERIAL_BYTES = 16;
/** X.509 v3. */
const VERSION = derContext(0, derInteger(Uint8Array.of(2)));
/** Where RFC 5280, 4.1 has them in a certificate that says its version. */
const SUBJECT_AT = 5;
const PUBLIC_KEY_AT = 6;

export interface SigningRequest {
  readonly profile: CertificateProfile;
  /** SubjectPublicKeyInfo of the holder, DER. */
  readonly publicKey: Buffer;
  readonly issuer: {
    /** DER of the issuer's certificate; undefined when the certificate signs itself. */
    readonly certificate: Buffer | undefined;
    readonly privateKey: KeyObject;
  };
  /** Random bytes, at least 16. */
  readonly serial: Buffer;
}

/** The DER of the signed certificate. */
export function encodeCertificate({ profile, publicKey, issuer, serial }: SigningRequest): Buffer {
  const algorithm = algorithmOf(issuer.privateKey);
  const subject = profile.subject ?? distinguishedName(profile);
  const parent = issuer.certificate && partsOf(issuer.certificate);
  const body = derSequence(
    VERSION,
    derInteger(positive(serial)),
    algorithm,
    parent?.subject ?? subject,
    derSequence(derTime(profile.notBefore), derTime(profile.notAfter)),
    subject,
    publicKey,
    derContext(3, extensionsOf(profile, publicKey, parent?.publicKey ?? publicKey)),
  );
  return derSequence(body, algorithm, derBits(sign("sha256", body, issuer.privateKey)));
}

function algorithmOf({ asymmetricKeyType }: KeyObject): Buffer {
  return asymmetricKeyType === "ec"
    ? derSequence(derIdentifier(ECDSA_WITH_SHA256))
    : derSequence(derIdentifier(SHA256_WITH_RSA), derNull);
}

/** What is signed names its issuer in the issuer's own words. */
function partsOf(certificate: Buffer): { readonly subject: Buffer; readonly publicKey: Buffer } {
  const body = membersOf(memberAt(readDer(certificate), 0));
  const [subject, publicKey] = [body[SUBJECT_AT], body[PUBLIC_KEY_AT]];
  invariant(subject !== undefined && publicKey !== undefined, "an issuer has an X.509 v3 name");
  return { subject: subject.whole, publicKey: publicKey.whole };
}

function memberAt(value: DerValue, index: number): DerValue {
  const member = membersOf(value)[index];
  invariant(member !== undefined, `a DER value has a member ${index}`);
  return member;
}

/** One attribute per relative name, as everybody writes them. */
function distinguishedName({ commonName, organizations = [] }: CertificateProfile): Buffer {
  const attributes = [
    ...organizations.map((name) => [ORGANIZATION, name] as const),
    [COMMON_NAME, commonName] as const,
  ];
  const names = attributes.map(([type, text]) =>
    derSetOf(derSequence(derIdentifier(type), derText(text))),
  );
  return derSequence(...names);
}

function extensionsOf(
  { use, hosts }: CertificateProfile,
  publicKey: Buffer,
  authorityKey: Buffer,
): Buffer {
  const { bits, purposes } = typeof use === "string" ? USAGES[use] : use;
  const constraints = use === "authority" ? derSequence(derTrue) : derSequence();
  const authority = derSequence(derContextOctets(0, keyIdentifier(authorityKey)));
  return derSequence(
    extension(BASIC_CONSTRAINTS, constraints, true),
    ...(bits.length === 0 ? [] : [extension(KEY_USAGE, bitString(bits), true)]),
    extension(SUBJECT_KEY_IDENTIFIER, derOctets(keyIdentifier(publicKey))),
    extension(AUTHORITY_KEY_IDENTIFIER, authority),
    ...(purposes.length === 0
      ? []
      : [extension(EXTENDED_KEY_USAGE, derSequence(...purposes.map(derIdentifier)))]),
    ...(hosts.length === 0
      ? []
      : [extension(SUBJECT_ALTERNATIVE_NAME, derSequence(...hosts.map(generalName)))]),
  );
}

/** What is not critical does not say so: DER leaves out what is the default. */
function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return derSequence(derIdentifier(id), ...(isCritical ? [derTrue] : []), derOctets(value));
}

/** Ascending bits, the most significant first; what follows the last one is unused. */
function bitString(bits: readonly number[]): Buffer {
  const last = bits.at(-1) ?? 0;
  const octets = new Uint8Array(Math.floor(last / 8) + 1);
  for (const bit of bits) {
    const at = Math.floor(bit / 8);
    octets[at] = (octets[at] ?? 0) | (0x80 >> (bit % 8));
  }
  return derBits(octets, 7 - (last % 8));
}

/** RFC 5280, 4.2.1.6: context tag 1 for e-mail, 2 for DNS names, 6 for URIs, 7 for addresses in network order. */
function generalName(host: string): Buffer {
  if (host.includes("://")) return derContextOctets(6, Buffer.from(host, "latin1"));
  if (host.includes("@")) return derContextOctets(1, Buffer.from(host, "latin1"));
  if (addressVersion(host) === undefined) return derContextOctets(2, Buffer.from(host, "latin1"));
  return derContextOctets(7, addressOctets(host));
}

function addressOctets(address: string): Uint8Array {
  const range = parseRange(address);
  invariant(range !== undefined, `${address} is no address`);
  const octets = new Uint8Array(range.version === 4 ? 4 : 16);
  let rest = range.start;
  for (let index = octets.length - 1; index >= 0; index -= 1) {
    octets[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return octets;
}

/** RFC 5280, 4.2.1.2, method 1: SHA-1 of the public key's bits, without the octet that counts unused ones. */
function keyIdentifier(publicKey: Buffer): Buffer {
  const bits = memberAt(readDer(publicKey), 1).content.subarray(1);
  return createHash("sha1").update(bits).digest();
}

/** A serial number is positive and at most 20 bytes. */
function positive(serial: Buffer): Uint8Array {
  const octets = Uint8Array.from(serial.subarray(0, SERIAL_BYTES));
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets;
}

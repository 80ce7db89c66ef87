// From a profile to a signed X.509 v3 certificate (RFC 5280): pkijs for the structures, node:crypto for the signature, so
// that signing is synchronous. Loaded on demand, because most starts find their certificates in the state directory.

import { createHash, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isIP } from "node:net";

import * as asn1js from "asn1js";
import * as pkijs from "pkijs";

import { invariant, parseRange, SECOND_MS } from "../../../core/index.ts";
import type { CertificateUsages } from "../../../kubernetes/index.ts";
import type { CertificateProfile, CertificateUse } from "./certificate-profile.ts";

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

/** Dates from here on do not fit UTCTime (RFC 5280, 4.1.2.5). */
const GENERALIZED_TIME_FROM = Date.UTC(2050, 0, 1);
const SERIAL_BYTES = 16;

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
  const certificate = new pkijs.Certificate();
  const parent = issuer.certificate && pkijs.Certificate.fromBER(toArrayBuffer(issuer.certificate));
  certificate.version = 2;
  certificate.serialNumber = new asn1js.Integer({ valueHex: positive(serial) });
  certificate.subject = distinguishedName(profile);
  certificate.issuer = parent === undefined ? certificate.subject : parent.subject;
  certificate.notBefore = timeOf(profile.notBefore);
  certificate.notAfter = timeOf(profile.notAfter);
  certificate.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(toArrayBuffer(publicKey));
  const authorityKey = (parent ?? certificate).subjectPublicKeyInfo;
  certificate.extensions = extensionsOf(
    profile,
    keyIdentifier(certificate.subjectPublicKeyInfo),
    keyIdentifier(authorityKey),
  );
  signWith(certificate, issuer.privateKey);
  return Buffer.from(certificate.toSchema(true).toBER());
}

function signWith(certificate: pkijs.Certificate, privateKey: KeyObject): void {
  const algorithm =
    privateKey.asymmetricKeyType === "ec"
      ? new pkijs.AlgorithmIdentifier({ algorithmId: ECDSA_WITH_SHA256 })
      : new pkijs.AlgorithmIdentifier({
          algorithmId: SHA256_WITH_RSA,
          algorithmParams: new asn1js.Null(),
        });
  certificate.signature = algorithm;
  certificate.signatureAlgorithm = algorithm;
  const body = Buffer.from(certificate.encodeTBS().toBER());
  certificate.tbsView = new Uint8Array(body);
  const signature = sign("sha256", body, privateKey);
  certificate.signatureValue = new asn1js.BitString({ valueHex: toArrayBuffer(signature) });
}

/** One attribute per relative name, as everybody writes them; pkijs itself would put all into one. */
function distinguishedName({
  commonName,
  organizations = [],
  subject,
}: CertificateProfile): pkijs.RelativeDistinguishedNames {
  if (subject !== undefined)
    return pkijs.RelativeDistinguishedNames.fromBER(toArrayBuffer(subject));
  const attributes = [
    ...organizations.map((name) => [ORGANIZATION, name] as const),
    [COMMON_NAME, commonName] as const,
  ];
  const names = new asn1js.Sequence({
    value: attributes.map(([type, text]) => {
      const attribute = new pkijs.AttributeTypeAndValue({
        type,
        value: new asn1js.Utf8String({ value: text }),
      });
      return new asn1js.Set({ value: [attribute.toSchema()] });
    }),
  });
  // Decoded names keep their own bytes, so they are written as they are here.
  return pkijs.RelativeDistinguishedNames.fromBER(names.toBER());
}

function timeOf(instant: number): pkijs.Time {
  const type =
    instant < GENERALIZED_TIME_FROM ? pkijs.TimeType.UTCTime : pkijs.TimeType.GeneralizedTime;
  // Neither form holds fractions of a second.
  const seconds = Math.floor(instant / SECOND_MS);
  return new pkijs.Time({ type, value: new Date(seconds * SECOND_MS) });
}

function extensionsOf(
  { use, hosts }: CertificateProfile,
  subjectKey: ArrayBuffer,
  authorityKey: ArrayBuffer,
): pkijs.Extension[] {
  const { bits, purposes: keyPurposes } = typeof use === "string" ? USAGES[use] : use;
  const constraints = new pkijs.BasicConstraints(use === "authority" ? { cA: true } : {});
  const extensions = [
    extension(BASIC_CONSTRAINTS, constraints.toSchema(), true),
    ...(bits.length === 0 ? [] : [extension(KEY_USAGE, bitString(bits), true)]),
    extension(SUBJECT_KEY_IDENTIFIER, new asn1js.OctetString({ valueHex: subjectKey })),
    extension(
      AUTHORITY_KEY_IDENTIFIER,
      new pkijs.AuthorityKeyIdentifier({
        keyIdentifier: new asn1js.OctetString({ valueHex: authorityKey }),
      }).toSchema(),
    ),
  ];
  if (keyPurposes.length > 0) {
    const usage = new pkijs.ExtKeyUsage({ keyPurposes: [...keyPurposes] });
    extensions.push(extension(EXTENDED_KEY_USAGE, usage.toSchema()));
  }
  if (hosts.length > 0) {
    const names = new pkijs.GeneralNames({ names: hosts.map(generalName) });
    extensions.push(extension(SUBJECT_ALTERNATIVE_NAME, names.toSchema()));
  }
  return extensions;
}

/** Ascending bits, the most significant first; what follows the last one is unused. */
function bitString(bits: readonly number[]): asn1js.BitString {
  const last = bits.at(-1) ?? 0;
  const bytes = new Uint8Array(Math.floor(last / 8) + 1);
  for (const bit of bits) {
    const at = Math.floor(bit / 8);
    bytes[at] = (bytes[at] ?? 0) | (0x80 >> (bit % 8));
  }
  return new asn1js.BitString({ valueHex: bytes.buffer, unusedBits: 7 - (last % 8) });
}

function extension(extnID: string, value: asn1js.BaseBlock, critical = false): pkijs.Extension {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });
}

/** RFC 5280, 4.2.1.6: context tag 1 for e-mail, 2 for DNS names, 6 for URIs, 7 for addresses in network order. */
function generalName(host: string): pkijs.GeneralName {
  if (host.includes("://")) return new pkijs.GeneralName({ type: 6, value: host });
  if (host.includes("@")) return new pkijs.GeneralName({ type: 1, value: host });
  if (isIP(host) === 0) return new pkijs.GeneralName({ type: 2, value: host });
  const value = new asn1js.OctetString({ valueHex: addressBytes(host) });
  return new pkijs.GeneralName({ type: 7, value });
}

function addressBytes(address: string): ArrayBuffer {
  const range = parseRange(address);
  invariant(range !== undefined, `${address} is no address`);
  const bytes = new Uint8Array(range.version === 4 ? 4 : 16);
  let rest = range.start;
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes.buffer;
}

/** RFC 5280, 4.2.1.2, method 1: SHA-1 of the public key's bits. */
function keyIdentifier(key: pkijs.PublicKeyInfo): ArrayBuffer {
  const bits = key.subjectPublicKey.valueBlock.valueHexView;
  return toArrayBuffer(createHash("sha1").update(bits).digest());
}

/** A serial number is positive and at most 20 bytes. */
function positive(serial: Buffer): ArrayBuffer {
  const bytes = Uint8Array.from(serial.subarray(0, SERIAL_BYTES));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.buffer;
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

// A request for a certificate as its holder signed it: PKCS #10 (RFC 2986) in PEM. Mirrors what Go's
// crypto/x509 ParseCertificateRequest and CheckSignature make of one.

import { createPublicKey, verify } from "node:crypto";

import { invariant } from "../../core/index.ts";
import { DerError, type DerValue, membersOf, objectIdentifier, readDer, textOf } from "./der.ts";

export interface SigningRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** The whole subject, DER. */
  readonly subject: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
  /** Undefined when the holder has the key; otherwise what is wrong with the signature. */
  readonly signatureFault: string | undefined;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]*?)-----END \1-----/;

/** Throws `DerError` with what is wrong. `base64`: of the PEM text, as the API carries it. */
export function parseSigningRequest(base64: string): SigningRequest {
  const [, type, body = ""] = BLOCK.exec(Buffer.from(base64, "base64").toString("latin1")) ?? [];
  if (type !== "CERTIFICATE REQUEST") {
    throw new DerError("PEM block type must be CERTIFICATE REQUEST");
  }
  const [information, algorithm, signature] = membersOf(readDer(Buffer.from(body, "base64")));
  const [, subject, key, attributes] = information === undefined ? [] : membersOf(information);
  if (!information || !algorithm || !signature || !subject || !key) {
    throw new DerError("asn1: structure error: not a certificate request");
  }
  return {
    commonName: attributesOf(subject, COMMON_NAME).at(-1) ?? "",
    organizations: attributesOf(subject, ORGANIZATION),
    subject: subject.whole,
    publicKey: key.whole,
    ...alternativeNames(attributes),
    signatureFault: signatureFault(information.whole, algorithm, signature, key.whole),
  };
}

const COMMON_NAME = "2.5.4.3";
const ORGANIZATION = "2.5.4.10";

/** Values of one type, in the order of the subject's relative names. */
function attributesOf(subject: DerValue, wanted: string): readonly string[] {
  return membersOf(subject)
    .flatMap(membersOf)
    .flatMap((attribute) => {
      const [type, value] = membersOf(attribute);
      return type && value && objectIdentifier(type) === wanted ? [textOf(value)] : [];
    });
}

const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

type AlternativeNames = Pick<SigningRequest, "dnsNames" | "addresses" | "emails" | "uris">;

/** RFC 5280, 4.2.1.6: context tags 1 for e-mail, 2 for DNS, 6 for URIs, 7 for addresses. */
function alternativeNames(attributes: DerValue | undefined): AlternativeNames {
  const names = requestedExtension(attributes, SUBJECT_ALTERNATIVE_NAME);
  const tagged = (number: number): readonly DerValue[] =>
    names.filter(({ tag }) => tag === (0x80 | number));
  const texts = (number: number): readonly string[] => tagged(number).map(textOf);
  const addresses = tagged(7).map(({ content }) => addressText(content));
  return { emails: texts(1), dnsNames: texts(2), uris: texts(6), addresses };
}

/** Members of the extension's value. */
function requestedExtension(attributes: DerValue | undefined, wanted: string): readonly DerValue[] {
  if (attributes === undefined) return [];
  for (const attribute of membersOf(attributes)) {
    const [type, values] = membersOf(attribute);
    if (!type || !values || objectIdentifier(type) !== EXTENSION_REQUEST) continue;
    for (const extension of membersOf(values).flatMap(membersOf)) {
      const parts = membersOf(extension);
      const [name] = parts;
      const value = parts.at(-1);
      if (name && value && objectIdentifier(name) === wanted) {
        return membersOf(readDer(value.content));
      }
    }
  }
  return [];
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join(".");
  if (bytes.length !== 16) {
    throw new DerError(`x509: cannot parse IP address of length ${bytes.length}`);
  }
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return groups.join(":");
}

const HASHES: Readonly<Record<string, { readonly hash: string | null; readonly fault: string }>> = {
  "1.2.840.113549.1.1.11": { hash: "sha256", fault: "crypto/rsa: verification error" },
  "1.2.840.113549.1.1.12": { hash: "sha384", fault: "crypto/rsa: verification error" },
  "1.2.840.113549.1.1.13": { hash: "sha512", fault: "crypto/rsa: verification error" },
  "1.2.840.10045.4.3.2": { hash: "sha256", fault: "x509: ECDSA verification failure" },
  "1.2.840.10045.4.3.3": { hash: "sha384", fault: "x509: ECDSA verification failure" },
  "1.2.840.10045.4.3.4": { hash: "sha512", fault: "x509: ECDSA verification failure" },
  "1.3.101.112": { hash: null, fault: "x509: Ed25519 verification failure" },
};

function signatureFault(
  signed: Buffer,
  algorithm: DerValue,
  signature: DerValue,
  publicKey: Buffer,
): string | undefined {
  const [name] = membersOf(algorithm);
  invariant(name !== undefined, "an algorithm has a name");
  const known = HASHES[objectIdentifier(name)];
  if (known === undefined) return "x509: cannot verify signature: algorithm unimplemented";
  try {
    const key = createPublicKey({ key: publicKey, format: "der", type: "spki" });
    // The first octet of a bit string counts unused bits, of which signatures have none.
    const isGood = verify(known.hash, signed, key, signature.content.subarray(1));
    return isGood ? undefined : known.fault;
  } catch {
    return "x509: unsupported elliptic curve";
  }
}

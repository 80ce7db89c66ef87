// A request for a certificate as a client would make it, with a fresh P-256 key.

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { isIP } from "node:net";

import * as asn1js from "asn1js";
import * as pkijs from "pkijs";

export interface MadeSigningRequest {
  /** Base64 of the PEM text, as `spec.request` holds it. */
  readonly request: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

export interface SigningRequestNames {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** DNS names, IPv4 addresses, e-mail addresses and URIs. */
  readonly hosts?: readonly string[];
  /** Signs with a key that is not the one in the request. */
  readonly signsWithAnother?: boolean;
}

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

class Unsigned extends pkijs.CertificationRequest {
  signedPart(): Buffer {
    return Buffer.from(this.encodeTBS().toBER());
  }
}

export function makeSigningRequest(names: SigningRequestNames): MadeSigningRequest {
  const { publicKey, privateKey } = newKey();
  const request = new Unsigned();
  const { commonName, organizations = [], hosts = [] } = names;
  request.subject.typesAndValues = [
    ...organizations.map((name) => attribute("2.5.4.10", name)),
    attribute("2.5.4.3", commonName),
  ];
  const spki = publicKey.export({ type: "spki", format: "der" });
  request.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(toArrayBuffer(spki));
  if (hosts.length > 0) request.attributes = [alternativeNames(hosts)];
  request.signatureAlgorithm = new pkijs.AlgorithmIdentifier({ algorithmId: ECDSA_WITH_SHA256 });
  const body = request.signedPart();
  request.tbsView = new Uint8Array(body);
  const key = names.signsWithAnother === true ? newKey().privateKey : privateKey;
  const signature = toArrayBuffer(sign("sha256", body, key));
  request.signatureValue = new asn1js.BitString({ valueHex: signature });
  const der = Buffer.from(request.toSchema(true).toBER()).toString("base64");
  const type = "CERTIFICATE REQUEST";
  const pem = `-----BEGIN ${type}-----\n${der}\n-----END ${type}-----\n`;
  return {
    request: Buffer.from(pem).toString("base64"),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function newKey(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function attribute(type: string, text: string): pkijs.AttributeTypeAndValue {
  return new pkijs.AttributeTypeAndValue({ type, value: new asn1js.Utf8String({ value: text }) });
}

function alternativeNames(hosts: readonly string[]): pkijs.Attribute {
  const names = new pkijs.GeneralNames({ names: hosts.map(generalName) });
  const extnValue = names.toSchema().toBER();
  const extension = new pkijs.Extension({ extnID: "2.5.29.17", extnValue });
  const extensions = new pkijs.Extensions({ extensions: [extension] });
  return new pkijs.Attribute({ type: "1.2.840.113549.1.9.14", values: [extensions.toSchema()] });
}

function generalName(host: string): pkijs.GeneralName {
  if (host.includes("://")) return new pkijs.GeneralName({ type: 6, value: host });
  if (host.includes("@")) return new pkijs.GeneralName({ type: 1, value: host });
  if (isIP(host) === 0) return new pkijs.GeneralName({ type: 2, value: host });
  const valueHex = Uint8Array.from(host.split(".").map(Number)).buffer;
  return new pkijs.GeneralName({ type: 7, value: new asn1js.OctetString({ valueHex }) });
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

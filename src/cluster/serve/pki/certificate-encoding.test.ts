import { generateKeyPairSync, X509Certificate } from "node:crypto";

import type { BitString } from "asn1js";
import fc from "fast-check";
import * as pkijs from "pkijs";
import { describe, expect, it } from "vitest";

import { DAY_MS, SECOND_MS } from "../../../core/index.ts";
import { encodeCertificate } from "./certificate-encoding.ts";
import type { CertificateProfile, CertificateUse } from "./certificate-profile.ts";

const NOW = Date.UTC(2026, 10, 27);
const EC = generateKeyPairSync("ec", { namedCurve: "P-256" });
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
const HOLDER = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
const spki = HOLDER.export({ type: "spki", format: "der" });

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const host = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join(".")),
  fc.ipV4(),
  fc.ipV6(),
  label.map((name) => `${name}@example.com`),
  label.map((name) => `spiffe://cluster.local/ns/${name}`),
);
const profile: fc.Arbitrary<CertificateProfile> = fc.record({
  // Longer than 127 octets at times, so that lengths take their long form.
  commonName: fc.string({ minLength: 1, maxLength: 200, unit: "grapheme" }),
  organizations: fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 3 }),
  use: fc.constantFrom<CertificateUse>("server", "client", "peer", "authority", "encryption"),
  hosts: fc.array(host, { maxLength: 12 }),
  notBefore: fc.integer({ min: Date.UTC(2000, 0, 1), max: NOW }),
  notAfter: fc.integer({ min: NOW + DAY_MS, max: Date.UTC(2999, 0, 1) }),
});

function authorityOf(privateKey: typeof EC.privateKey, publicKey: typeof EC.publicKey): Buffer {
  const use = "authority";
  const life = { notBefore: NOW, notAfter: NOW + DAY_MS };
  return encodeCertificate({
    profile: { commonName: "ca", organizations: ["Keelson"], use, hosts: [], ...life },
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    issuer: { certificate: undefined, privateKey },
    serial: Buffer.alloc(16, 7),
  });
}

describe.each([
  { name: "an EC authority", ...EC },
  { name: "an RSA authority", ...RSA },
])("what $name signs", ({ privateKey, publicKey }) => {
  const certificate = authorityOf(privateKey, publicKey);
  const parent = new X509Certificate(certificate);
  const issue = (wanted: CertificateProfile, serial: Buffer): Buffer =>
    encodeCertificate({
      profile: wanted,
      publicKey: spki,
      issuer: { certificate, privateKey },
      serial,
    });

  it("is written as pkijs writes it, and OpenSSL accepts it", () => {
    fc.assert(
      fc.property(profile, fc.uint8Array({ minLength: 16, maxLength: 16 }), (wanted, serial) => {
        const der = issue(wanted, Buffer.from(serial));
        const parsed = pkijs.Certificate.fromBER(Uint8Array.from(der).buffer);
        expect(Buffer.from(parsed.toSchema(true).toBER()).equals(der)).toBe(true);
        const read = new X509Certificate(der);
        expect(read.checkIssued(parent)).toBe(true);
        expect(read.verify(publicKey)).toBe(true);
        expect(read.publicKey.equals(HOLDER)).toBe(true);
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  it("says what was asked for, by pkijs' reading", () => {
    fc.assert(
      fc.property(profile, (wanted) => {
        const der = issue(wanted, Buffer.alloc(16, 1));
        expect(readBack(der)).toEqual(asRead(wanted));
      }),
      { numRuns: 40, seed: 12 },
    );
  });
});

function readBack(der: Buffer): object {
  const parsed = pkijs.Certificate.fromBER(Uint8Array.from(der).buffer);
  const names = parsed.subject.typesAndValues.map(({ type, value }) => [
    type,
    String(value.valueBlock.value),
  ]);
  const values = new Map(parsed.extensions?.map((one) => [one.extnID, one.parsedValue as object]));
  const constraints = values.get("2.5.29.19") as { readonly cA?: boolean };
  const purposes = values.get("2.5.29.37") as { readonly keyPurposes: string[] } | undefined;
  const usage = values.get("2.5.29.15") as BitString;
  const others = values.get("2.5.29.17") as { readonly altNames: object[] } | undefined;
  return {
    version: parsed.version,
    names,
    from: parsed.notBefore.value.getTime(),
    to: parsed.notAfter.value.getTime(),
    isAuthority: constraints.cA ?? false,
    usage: [...usage.valueBlock.valueHexView, usage.valueBlock.unusedBits],
    purposes: purposes?.keyPurposes ?? [],
    hosts: others?.altNames.length ?? 0,
  };
}

/** The octets of RFC 5280, 4.2.1.3, and how many bits at the end of the last one say nothing. */
const USAGE: Readonly<Record<CertificateUse, readonly number[]>> = {
  authority: [0b1000_0110, 1],
  server: [0b1010_0000, 5],
  client: [0b1000_0000, 7],
  peer: [0b1010_0000, 5],
  encryption: [0b0010_0000, 5],
};
const SERVER = "1.3.6.1.5.5.7.3.1";
const CLIENT = "1.3.6.1.5.5.7.3.2";
const PURPOSES: Readonly<Partial<Record<CertificateUse, readonly string[]>>> = {
  server: [SERVER],
  client: [CLIENT],
  peer: [SERVER, CLIENT],
};

function asRead({
  commonName,
  organizations = [],
  use,
  hosts,
  ...life
}: CertificateProfile): object {
  const known = typeof use === "string" ? use : "client";
  return {
    version: 2,
    names: [...organizations.map((name) => ["2.5.4.10", name]), ["2.5.4.3", commonName]],
    from: Math.floor(life.notBefore / SECOND_MS) * SECOND_MS,
    to: Math.floor(life.notAfter / SECOND_MS) * SECOND_MS,
    isAuthority: use === "authority",
    usage: USAGE[known],
    purposes: PURPOSES[known] ?? [],
    hosts: hosts.length,
  };
}

import { createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { createRealClock, DAY_MS } from "../../../core/index.ts";
import { ensureCredentials } from "./credentials.ts";
import { createAuthority, issueCertificate, selfSignedCertificate } from "./issue-certificate.ts";

const NOW = createRealClock().now();
const HOSTS = ["localhost", "127.0.0.1", "::1", "kubernetes.default.svc"];
const root = mkdtempSync(join(tmpdir(), "keelson-pki-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("ensureCredentials", () => {
  it("makes certificates that an X.509 reader accepts", () => {
    const { authority, server, admin } = ensureCredentials({ now: NOW, hosts: HOSTS });
    const parent = new X509Certificate(authority.certificatePem);
    const certificate = new X509Certificate(server.certificatePem);
    expect(parent.ca).toBe(true);
    expect(certificate.checkIssued(parent)).toBe(true);
    expect(certificate.verify(parent.publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe(
      "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:kubernetes.default.svc",
    );
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(new X509Certificate(admin.certificatePem).subject).toBe(
      "O=system:masters\nCN=kubernetes-admin",
    );
  });

  it("keeps them in a private directory and takes them again", () => {
    const stateDirectory = join(root, "kept");
    const first = ensureCredentials({ stateDirectory, now: NOW, hosts: HOSTS });
    const second = ensureCredentials({ stateDirectory, now: NOW, hosts: HOSTS });
    expect(second).toEqual(first);
    expect(statSync(stateDirectory).mode & 0o777).toBe(0o700);
    expect(statSync(join(stateDirectory, "credentials.json")).mode & 0o777).toBe(0o600);
  });

  it.each([
    { name: "a leaf near its end", now: NOW + 340 * DAY_MS, hosts: HOSTS, authorityStays: true },
    { name: "a new host", now: NOW, hosts: [...HOSTS, "10.43.0.1"], authorityStays: true },
    { name: "an old authority", now: NOW + 3640 * DAY_MS, hosts: HOSTS, authorityStays: false },
  ])("makes the server certificate again for $name", ({ name, now, hosts, authorityStays }) => {
    const stateDirectory = join(root, name);
    const first = ensureCredentials({ stateDirectory, now: NOW, hosts: HOSTS });
    const second = ensureCredentials({ stateDirectory, now, hosts });
    expect(second.server).not.toEqual(first.server);
    expect(second.token).toBe(first.token);
    expect(second.authority.keyPem === first.authority.keyPem).toBe(authorityStays);
    expect(
      new X509Certificate(second.server.certificatePem).verify(
        new X509Certificate(second.authority.certificatePem).publicKey,
      ),
    ).toBe(true);
  });

  it("makes everything again when the file is damaged", () => {
    const stateDirectory = join(root, "damaged");
    ensureCredentials({ stateDirectory, now: NOW, hosts: HOSTS });
    writeFileSync(join(stateDirectory, "credentials.json"), "{");
    const again = ensureCredentials({ stateDirectory, now: NOW, hosts: HOSTS });
    expect(JSON.parse(readFileSync(join(stateDirectory, "credentials.json"), "utf8"))).toEqual(
      again,
    );
  });
});

describe("issueCertificate", () => {
  it("certifies a key it never sees", () => {
    const authority = createAuthority({ commonName: "ca", now: NOW, lifetimeMs: DAY_MS });
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const issued = issueCertificate(authority, {
      commonName: "shop.example.com",
      hosts: ["shop.example.com", "*.shop.example.com"],
      publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
      now: NOW,
      lifetimeMs: DAY_MS,
    });
    const certificate = new X509Certificate(issued.certificatePem);
    expect(issued.keyPem).toBe("");
    expect(certificate.checkHost("a.shop.example.com")).toBe("*.shop.example.com");
    expect(certificate.publicKey.equals(publicKey)).toBe(true);
    expect(certificate.validTo).toBe(certificateTime(NOW + DAY_MS));
  });
});

describe("selfSignedCertificate", () => {
  it("signs an RSA key with itself", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const lifetimeMs = 3650 * DAY_MS * 3;
    const made = selfSignedCertificate(keyPem, {
      commonName: "sealed-secret",
      use: "encryption",
      now: NOW,
      lifetimeMs,
    });
    const certificate = new X509Certificate(made.certificatePem);
    expect(made.keyPem).toBe(keyPem);
    expect(certificate.verify(createPublicKey(keyPem))).toBe(true);
    // Past 2050 the date is written in another form.
    expect(certificate.validTo).toBe(certificateTime(NOW + lifetimeMs));
  });
});

/** `Nov 21 10:00:00 2026 GMT`, as Node prints a date of a certificate. */
function certificateTime(instant: number): string {
  const [, day, month, year, time] = new Date(instant).toUTCString().split(" ");
  return `${month} ${String(Number(day)).padStart(2)} ${time} ${year} GMT`;
}

// A real HTTPS server on loopback, with a certificate of its own.

import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRealClock } from "../../core/index.ts";
import { createAuthority, issueCertificate } from "./pki/issue-certificate.ts";
import { webhookTransport } from "./webhook-transport.ts";

const LIFETIME_MS = 3_600_000;

let server: Server;
let url: string;
let caBundle: string;

beforeAll(async () => {
  const now = createRealClock().now();
  const authority = createAuthority({ commonName: "ca", now, lifetimeMs: LIFETIME_MS });
  const request = {
    commonName: "hook",
    hosts: ["127.0.0.1", "s.n.svc"],
    now,
    lifetimeMs: LIFETIME_MS,
  };
  const { certificatePem: cert, keyPem: key } = issueCertificate(authority, request);
  caBundle = authority.certificatePem;
  server = createServer({ cert, key }, (incoming, outgoing) => {
    let body = "";
    incoming.on("data", (chunk: Buffer) => (body += chunk.toString()));
    incoming.on("end", () => {
      if (incoming.url === "/silent") return;
      outgoing.end(`${incoming.method} ${incoming.headers["content-type"]} ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const call = webhookTransport();

describe("the webhook transport", () => {
  it("posts JSON to a server whose certificate the bundle vouches for", async () => {
    const answer = await call({ url, caBundle, body: "{}", timeoutMs: 5000 });
    expect(answer).toEqual({ status: 200, body: "POST application/json {}" });
  });

  it("checks the name of a service", async () => {
    const ask = (serverName: string): Promise<unknown> =>
      call({ url, caBundle, serverName, body: "{}", timeoutMs: 5000 });
    await expect(ask("s.n.svc")).resolves.toMatchObject({ status: 200 });
    await expect(ask("t.n.svc")).rejects.toThrow("t.n.svc");
  });

  it("says what Go's client would", async () => {
    await expect(call({ url, body: "", timeoutMs: 5000 })).rejects.toThrow(
      "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    );
    await expect(call({ url: "https://127.0.0.1:1/", body: "", timeoutMs: 5000 })).rejects.toThrow(
      "dial tcp 127.0.0.1:1: connect: connection refused",
    );
    await expect(call({ url: `${url}/silent`, caBundle, body: "", timeoutMs: 50 })).rejects.toThrow(
      "context deadline exceeded",
    );
  });
});

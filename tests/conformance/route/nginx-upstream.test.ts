// What an Ingress asks of its controller towards the pods, carried out by a real nginx: it checks the app's certificate, shows its
// own, and an app that asks for it refuses whoever has none. Each annotation becomes the directive of its name, as in
// rootfs/etc/nginx/template/nginx.tmpl of ingress-nginx controller-v1.15.1; the Secret's keys become the files.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as httpsRequest, type Server } from "node:https";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createAuthority, issueCertificate } from "../../../src/cluster/index.ts";
import { harbour } from "../../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../../src/components/testing/plan.ts";
import { createRealClock, HOUR_MS } from "../../../src/core/index.ts";
import { findTool } from "../../skip.ts";

const nginx = await findTool("nginx");
const NAME = "storefront.storefront.svc";
const PREFIX = "nginx.ingress.kubernetes.io/";

/** Of the storefront's Ingress, without their prefix. */
function annotations(upstream: "tls" | "mtls"): Readonly<Record<string, string>> {
  const { storefront, ...apps } = harbour.apps ?? {};
  const { metrics: _metrics, ...plain } = storefront ?? { image: "x:1" };
  const definition = {
    ...harbour,
    ingress: { kind: "ingress-nginx" },
    certificates: { kind: "cert-manager" },
    apps: { ...apps, storefront: { ...plain, route: { host: "shop", port: 8080, upstream } } },
  };
  const objects = emissionsOf(planEnvironment(definition, "prod"))
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
  const found = objects.find(
    ({ kind, metadata }) => kind === "Ingress" && metadata.name === "storefront",
  );
  const written = Object.entries(found?.metadata.annotations ?? {});
  return Object.fromEntries(written.map(([key, value]) => [key.replace(PREFIX, ""), value]));
}

function configuration(folder: string, port: number, backend: number): string {
  const said = annotations("mtls");
  const directives = ["proxy-ssl-verify", "proxy-ssl-name", "proxy-ssl-server-name"].map(
    (key) => `${key.replaceAll("-", "_")} ${said[key]};`,
  );
  const secret = said["proxy-ssl-secret"] ?? "";
  expect(secret).toBe("storefront/ingress-client");
  const scheme = said["backend-protocol"] === "HTTPS" ? "https" : "http";
  return `
    daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 64; }
    http {
      access_log off;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass ${scheme}://127.0.0.1:${backend};
          ${directives.join("\n          ")}
          proxy_ssl_trusted_certificate ${folder}/ca.crt;
          proxy_ssl_certificate ${folder}/tls.crt;
          proxy_ssl_certificate_key ${folder}/tls.key;
        }
      }
    }`;
}

describe.skipIf(nginx === undefined)("nginx", () => {
  const folder = mkdtempSync(join(tmpdir(), "keelson-nginx-"));
  const running: (ChildProcess | Server)[] = [];
  const ports = { good: 0, stranger: 0, impostor: 0, backend: 0 };

  beforeAll(async () => {
    const now = createRealClock().now();
    const lifetimeMs = HOUR_MS;
    const [own, other] = ["peers", "strangers"].map((commonName) =>
      createAuthority({ commonName, now, lifetimeMs }),
    );
    if (own === undefined || other === undefined) throw new Error("two authorities");
    const serve = async (authority: typeof own): Promise<number> => {
      const pair = issueCertificate(authority, {
        commonName: NAME,
        hosts: [NAME],
        use: "server",
        now,
        lifetimeMs,
      });
      const server = createServer(
        {
          cert: pair.certificatePem,
          key: pair.keyPem,
          ca: own.certificatePem,
          requestCert: true,
          rejectUnauthorized: true,
        },
        ({ socket }, answer) => {
          const peer = (socket as TLSSocket).getPeerCertificate();
          answer.end(String(peer.subject.CN));
        },
      );
      running.push(server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return (server.address() as AddressInfo).port;
    };
    ports.backend = await serve(own);
    const impostor = await serve(other);
    const proxy = async (backend: number, authority: typeof own, name: string): Promise<number> => {
      const place = mkdtempSync(join(folder, `${name}-`));
      const client = issueCertificate(authority, {
        commonName: "ingress",
        use: "client",
        now,
        lifetimeMs,
      });
      writeFileSync(join(place, "ca.crt"), own.certificatePem);
      writeFileSync(join(place, "tls.crt"), client.certificatePem);
      writeFileSync(join(place, "tls.key"), client.keyPem);
      const port = await freePort();
      const file = join(place, "nginx.conf");
      writeFileSync(file, configuration(place, port, backend));
      const tested = spawnSync(nginx ?? "", ["-t", "-p", place, "-c", file]);
      expect(String(tested.stderr)).toContain("test is successful");
      running.push(spawn(nginx ?? "", ["-p", place, "-c", file], { stdio: "ignore" }));
      return port;
    };
    ports.good = await proxy(ports.backend, own, "good");
    ports.stranger = await proxy(ports.backend, other, "stranger");
    ports.impostor = await proxy(impostor, own, "impostor");
  });

  afterAll(() => {
    for (const one of running) {
      if ("kill" in one) one.kill();
      else one.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it("reaches the app with its own certificate", async () => {
    expect(await ask(ports.good)).toEqual({ status: 200, body: "ingress" });
  });

  it("is refused with a certificate of somebody else's", async () => {
    expect((await ask(ports.stranger)).status).toBe(502);
  });

  it("does not speak to an app whose certificate it does not trust", async () => {
    expect((await ask(ports.impostor)).status).toBe(502);
  });

  it("is the only one the app speaks to", async () => {
    const direct = new Promise((resolve, reject) => {
      httpsRequest({ host: "127.0.0.1", port: ports.backend, rejectUnauthorized: false }, resolve)
        .on("error", reject)
        .end();
    });
    await expect(direct).rejects.toThrow();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** nginx listens a moment after it was started. */
async function ask(port: number): Promise<{ readonly status: number; readonly body: string }> {
  for (;;) {
    try {
      return await askOnce(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
    }
  }
}

function askOnce(port: number): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "/", agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    }).on("error", reject);
  });
}

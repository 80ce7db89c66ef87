// What passes between processes of this machine through the proxies of a mesh, byte for byte: handshakes, refusals, the treatment
// of requests, and their traces. Both meshes, the same table.

import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { createAuthority, issueCertificate } from "../../../src/cluster/index.ts";
import {
  certManager,
  istio,
  istioGateway,
  jaeger,
  linkerd,
  otelCollector,
  prometheusOperator,
} from "../../../src/components/index.ts";
import { createRealClock } from "../../../src/core/index.ts";
import { harbour, type Platform } from "../../../src/components/testing/definitions.ts";
import { startLiveWorld, type LiveWorld } from "./live-world.ts";

const ADAPTERS = [
  { name: "Istio", mesh: istio({ sampling: 100 }), traced: true },
  { name: "Linkerd", mesh: linkerd(), traced: false },
];

const NOW = createRealClock().now();
const APPS = ["plain", "flaky", "watched", "wire"];

const platformWith = (mesh: NonNullable<Platform["mesh"]>): Platform => {
  const { overrides: _overrides, ...base } = harbour;
  const image = "ghcr.io/example/app:1.0.0";
  return {
    ...base,
    mesh,
    ...(mesh.kind === "istio" ? { ingress: istioGateway() } : {}),
    certificates: certManager(),
    metrics: prometheusOperator(),
    traces: jaeger(),
    telemetry: otelCollector(),
    environments: { dev: { clusters: ["local"], scale: "single", domain: "dev.127.0.0.1.nip.io" } },
    backup: {},
    databases: {},
    queues: {},
    caches: {},
    buckets: {},
    apps: {
      plain: { image, port: 9090 },
      flaky: { image, port: 9090, traffic: { retries: 2 } },
      watched: { image, port: 9090, metrics: "/metrics" },
      wire: { image, port: 9090, health: false },
      web: { image, route: { host: "web", port: 8080 }, needs: APPS },
      lonely: { image, port: 8080 },
    },
  };
};

describe.each(ADAPTERS)("requests through $name between processes", ({ mesh, traced }) => {
  let world: LiveWorld;
  let failures = 1;

  beforeAll(async () => {
    world = await startLiveWorld(platformWith(mesh));
    const hello = (name: string) => world.serve(name, (_request, response) => response.end(name));
    await hello("plain");
    await hello("watched");
    await hello("web");
    await hello("lonely");
    await world.serve("flaky", (request, response) => {
      failures -= 1;
      response.statusCode = failures >= 0 ? 503 : 200;
      response.end(String(request.headers["traceparent"]));
    });
    await world.serveTcp("wire", (socket) =>
      socket.on("data", (chunk) => socket.write(`<${String(chunk)}>`)),
    );
    for (const app of APPS.filter((one) => one !== "wire"))
      await vi.waitFor(async () => expect((await world.ask("web", app)).status).toBe(200), 10_000);
    failures = 1;
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    await world.stop();
  });

  it("pass between members whom the graph connects", async () => {
    expect(await world.ask("web", "plain")).toMatchObject({ status: 200, body: "plain" });
  });

  it("are refused from a member without such a flow", async () => {
    expect((await world.ask("lonely", "plain")).status).toBe(403);
  });

  it("are refused from a client that proves nothing", async () => {
    const answer = await world.ask(undefined, "plain").catch((error: Error) => error);
    // Istio closes the connection, Linkerd answers.
    if (answer instanceof Error) expect(answer.message).toMatch(/reset|hang up/);
    else expect(answer.status).toBe(403);
  });

  it("pass in plain text where a collector is expected, and only what it asks for", async () => {
    expect((await world.ask(undefined, "watched", { path: "/metrics" })).status).toBe(200);
    expect((await world.ask(undefined, "watched")).status).toBe(403);
  });

  it("shake hands with a certificate of the mesh's authority, and with no other", async () => {
    const at = world.network.reach(world.addressOf("plain"), 9090);
    const stranger = createAuthority({
      commonName: "other",
      now: NOW,
      lifetimeMs: 60_000,
    });
    const outcome = async (pair?: { certificatePem: string; keyPem: string }): Promise<string> =>
      new Promise((resolve) => {
        const socket = connectTls({
          ...at,
          rejectUnauthorized: false,
          ALPNProtocols: ["istio-peer-exchange"],
          ...(pair && { cert: pair.certificatePem, key: pair.keyPem }),
        });
        socket.on("error", () => resolve("refused"));
        socket.on("close", () => resolve("refused"));
        socket.on("secureConnect", () => socket.write("GET / HTTP/1.1\r\nhost: plain\r\n\r\n"));
        socket.on("data", (chunk) => {
          resolve(String(chunk).slice(9, 12));
          socket.destroy();
        });
      });
    const issue = (authority: LiveWorld["authority"]) =>
      issueCertificate(authority, {
        commonName: "web",
        hosts: [
          mesh.kind === "istio"
            ? "spiffe://cluster.local/ns/web/sa/web"
            : "web.web.serviceaccount.identity.linkerd.cluster.local",
        ],
        use: "peer",
        now: NOW,
        lifetimeMs: 60_000,
      });
    expect(await outcome(issue(world.authority))).toBe("200");
    expect(await outcome(issue(stranger))).toBe("refused");
    expect(await outcome()).toBe("refused");
  });

  it("get a second attempt where the first fails", async () => {
    failures = 1;
    expect((await world.ask("web", "flaky")).status).toBe(200);
    expect(failures).toBe(-1);
  });

  it("are one trace each, where the mesh sends traces", async () => {
    failures = 0;
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    const { body } = await world.ask("web", "flaky", { headers: { traceparent } });
    const own = () => world.spans.filter((span) => span.traceId === traceId);
    if (!traced) {
      expect(body).toBe(traceparent);
      return expect(own()).toEqual([]);
    }
    await vi.waitFor(() => expect(own()).toHaveLength(2));
    const [client] = own().filter(({ kind }) => kind === "client");
    const [server] = own().filter(({ kind }) => kind === "server");
    expect(client).toMatchObject({ parentSpanId: "00f067aa0ba902b7", service: "web.web" });
    expect(server).toMatchObject({ parentSpanId: client?.spanId, service: "flaky.flaky" });
    expect(server?.attributes["peer.principal"]).toBe("spiffe://cluster.local/ns/web/sa/web");
    expect(body).toBe(`00-${traceId}-${server?.spanId}-01`);
  });

  it("come in through a gateway of the mesh by its own identity, and past it not at all", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const at = world.gatewayTo("web");
    expect(await world.ask(undefined, "web", { at, headers })).toMatchObject({ body: "web" });
    if (!traced) return;
    await expect(world.ask(undefined, "web")).rejects.toThrow();
    const own = () => world.spans.find((span) => span.traceId === traceId);
    await vi.waitFor(() => expect(own()).toBeDefined());
    expect(own()?.attributes["peer.principal"]).toContain("/ns/istio-ingress/");
  });

  it("may be of any protocol", async () => {
    const at = world.placeOf("wire");
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect({ ...at, localAddress: world.addressOf("web") });
      socket.on("error", reject);
      socket.on("data", (chunk) => {
        resolve(String(chunk));
        socket.destroy();
      });
      socket.write("\u0000ping");
    });
    expect(said).toBe("<\u0000ping>");
  });

  it("go by mutual TLS to a pod's own address, too", async () => {
    const at = world.network.reach(world.addressOf("plain"), 9090);
    expect((await world.ask("web", "plain", { at })).status).toBe(200);
    expect((await world.ask("lonely", "plain", { at })).status).toBe(403);
  });
});

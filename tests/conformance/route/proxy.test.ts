// The ingress as a proxy: what must hold for every route, on the wire. Framing and forwarding as RFC 9110 and 9112 have them.

import { connect } from "node:net";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { ensureCredentials } from "../../../src/cluster/index.ts";
import { createRealClock } from "../../../src/core/index.ts";
import { gatewayFabric } from "./adapters.ts";
import { startRoutePlatform, type RoutePlatform, type ServedPod } from "./route-platform.ts";

/** On the listener for HTTP alone. */
const MOVED = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "moved", namespace: "shop" },
  spec: {
    parentRefs: [{ name: "platform", namespace: "edge", sectionName: "http" }],
    hostnames: ["moved.example.com"],
    rules: [
      {
        matches: [{ path: { type: "Exact", value: "/old" } }],
        filters: [
          {
            type: "RequestRedirect",
            requestRedirect: { path: { type: "ReplaceFullPath", replaceFullPath: "/new" } },
          },
        ],
      },
      {
        matches: [{ path: { type: "Exact", value: "/secret" } }],
        filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }],
      },
    ],
  },
};

let platform: RoutePlatform;
let pods: readonly ServedPod[];

beforeAll(async () => {
  const { server } = ensureCredentials({ now: createRealClock().now(), hosts: [] });
  const { certificatePem: certPem, keyPem } = server;
  platform = await startRoutePlatform(gatewayFabric, { certPem, keyPem });
  pods = await platform.serve("web", 2);
  const [dead] = await platform.serve("half", 2);
  dead?.server.close();
  const backends = (service: string) => [{ path: "/", backends: [{ service }] }];
  await platform.route({ name: "web", host: "web.example.com", rules: backends("web") });
  await platform.route({ name: "half", host: "half.example.com", rules: backends("half") });
  await platform.api.create(MOVED);
  await vi.waitFor(async () => {
    expect((await platform.ask("http://half.example.com/")).status).toBe(200);
  });
});
afterAll(() => platform.stop());

/** Sends bytes as they are and returns all that comes back until the ingress closes, or `until` is seen. */
function wire(text: string, until?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(platform.ingress.httpPort, "127.0.0.1", () => socket.write(text));
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      if (until !== undefined && heard.includes(until)) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(heard));
  });
}

const HOST = "Host: web.example.com\r\n";

describe("requests that no proxy may pass on", () => {
  it.each([
    { name: "two lengths", head: "Content-Length: 3\r\nContent-Length: 4\r\n", status: 400 },
    {
      name: "a length and chunks",
      head: "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
      status: 400,
    },
    { name: "chunked not last", head: "Transfer-Encoding: chunked, identity\r\n", status: 400 },
    { name: "a space before the colon", head: "X-Field : 1\r\n", status: 400 },
    { name: "fields above 32 kB", head: `X-Big: ${"a".repeat(40_000)}\r\n`, status: 431 },
    {
      name: "an expectation nobody knows",
      head: "Expect: miracles\r\nContent-Length: 0\r\n",
      status: 417,
    },
  ])("$name", async ({ head, status }) => {
    const before = pods.flatMap(({ seen }) => seen).length;
    const heard = await wire(`POST / HTTP/1.1\r\n${HOST}${head}Connection: close\r\n\r\nabc`);
    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(pods.flatMap(({ seen }) => seen).length).toBe(before);
  });

  it("no host", async () => {
    expect(await wire("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe("HTTPS in front of a listener for HTTP", () => {
  it.each([
    { name: "a redirect keeps the client's scheme", path: "/old", status: 302, to: "/new" },
    { name: "a redirect to HTTPS leads nowhere else", path: "/secret", status: 404 },
  ])("$name", async ({ path, status, to }) => {
    const answer = await platform.ask(`https://moved.example.com${path}`);
    const { httpsPort } = platform.ingress;
    expect(answer.status).toBe(status);
    expect(answer.headers["location"]).toBe(to && `https://moved.example.com:${httpsPort}${to}`);
  });
});

describe("what passes", () => {
  it("fields of one connection stay on it, all others keep order, spelling and number", async () => {
    const heard = await wire(
      `GET /fields HTTP/1.1\r\n${HOST}Connection: close, X-Private\r\nX-Private: 1\r\nKeep-Alive: 5\r\nX-One: a\r\nx-one: b\r\n\r\n`,
    );
    const last = pods.flatMap(({ seen }) => seen).find(({ url }) => url === "/fields");
    const names = (last?.rawHeaders ?? []).filter((_, at) => at % 2 === 0);
    expect(names.slice(0, 3)).toEqual(["Host", "X-One", "x-one"]);
    expect(names.map((name) => name.toLowerCase())).not.toContain("x-private");
    expect(heard).toMatch(/set-cookie: a=1\r\nset-cookie: b=2\r\n/);
    expect(heard).not.toMatch(/timeout=5/);
  });

  it.each([
    { name: "a small body", body: "x".repeat(10) },
    { name: "a large body", body: "x".repeat(300_000) },
  ])("$name with its length", async ({ body }) => {
    const options = { method: "POST", body, headers: { "content-length": String(body.length) } };
    const answer = await platform.ask("http://web.example.com/", options);
    expect(JSON.parse(answer.body).body).toBe(body);
  });

  it("chunks with their trailers", async () => {
    const heard = await wire(
      `POST / HTTP/1.1\r\n${HOST}Connection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 42\r\n\r\n`,
    );
    expect(heard).toContain('"body":"abc"');
    expect(heard).toContain('"trailers":{"x-sum":"42"}');
  });

  it("trailers of the answer", async () => {
    const { body, trailers } = await platform.ask("http://web.example.com/trailers");
    expect({ body, sum: trailers["x-sum"] }).toEqual({ body: "body", sum: "42" });
  });

  it("a body that waits for 100 is asked for", async () => {
    const socket = connect(platform.ingress.httpPort, "127.0.0.1");
    let heard = "";
    socket.on("data", (chunk) => {
      if (heard === "") socket.write("abc");
      heard += String(chunk);
    });
    socket.write(
      `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n`,
    );
    await new Promise((resolve) => socket.on("close", resolve));
    expect(heard).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
    expect(heard).toContain('"body":"abc"');
    expect(heard).not.toContain('"expect"');
  });

  it("an answer that broke off looks broken off", async () => {
    await expect(platform.ask("http://web.example.com/cut")).rejects.toMatchObject({
      code: "ECONNRESET",
    });
  });

  it("HEAD has the fields and no body", async () => {
    const heard = await wire(`HEAD / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
    expect(heard).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(heard).toMatch(/\r\n\r\n$/);
  });
});

describe("WebSocket", () => {
  const open = (host: string, path: string, rest: string): Promise<string> =>
    wire(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${rest}`,
      rest === "" ? undefined : rest,
    );

  it("joins both ends, with what was sent before the answer", async () => {
    const heard = await open("web.example.com", "/socket", "early words");
    expect(heard).toMatch(/^HTTP\/1.1 101 /);
    expect(heard).toContain("hello early words");
  });

  it("gives the endpoint's refusal back", async () => {
    const heard = await open("web.example.com", "/refused", "");
    expect(heard).toMatch(/^HTTP\/1.1 403 Forbidden\r\n/);
    expect(heard).toMatch(/no$/);
  });

  it("passes endpoints over that refuse the connection", async () => {
    for (let turn = 0; turn < 2; turn += 1)
      expect(await open("half.example.com", "/socket", "x")).toMatch(/^HTTP\/1.1 101 /);
  });

  it("another protocol is an ordinary request", async () => {
    const heard = await wire(
      `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n`,
    );
    expect(heard).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe("endpoints that fail", () => {
  it.each(["GET", "POST", "PUT"])("one that refuses is passed over for %s", async (method) => {
    for (let turn = 0; turn < 4; turn += 1) {
      const options = { method, ...(method === "GET" ? {} : { body: "once" }) };
      const { status, body } = await platform.ask("http://half.example.com/", options);
      expect({ status, pod: JSON.parse(body).pod }).toEqual({ status: 200, pod: "half-1" });
    }
  });

  it("a client that goes away ends the endpoint's work", async () => {
    const before = platform.spans.length;
    const socket = connect(platform.ingress.httpPort, "127.0.0.1");
    socket.write(`GET /silent HTTP/1.1\r\n${HOST}\r\n`);
    const asked = () => pods.flatMap(({ seen }) => seen).some(({ url }) => url === "/silent");
    await vi.waitFor(() => expect(asked()).toBe(true));
    socket.destroy();
    await vi.waitFor(() => {
      expect(platform.spans.slice(before).find(({ path }) => path === "/silent")?.status).toBe(0);
    });
  });
});

describe("draining", () => {
  it("a pod that ends finishes what it has and gets nothing new", async () => {
    const drained = await platform.serve("drain", 2);
    const rules = [{ path: "/", backends: [{ service: "drain" }] }];
    await platform.route({ name: "drain", host: "drain.example.com", rules });
    let held: { readonly name: string; finish(): void } | undefined;
    for (const { name, server } of drained) {
      server.on("request", ({ url }, response) => {
        if (url === "/silent") held = { name, finish: () => response.end("finished") };
      });
    }
    await vi.waitFor(async () => {
      expect((await platform.ask("http://drain.example.com/")).status).toBe(200);
    });
    const inFlight = platform.ask("http://drain.example.com/silent");
    const { name, finish } = await vi.waitUntil(() => held);
    await platform.api.patch(
      { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", name, namespace: "shop" },
      { type: "merge", body: { endpoints: [endingEndpoint(name)] } },
    );
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => platform.ask("http://drain.example.com/")),
    );
    const others = answers.map(({ body }) => JSON.parse(body).pod);
    expect(others.filter((pod) => pod === name)).toEqual([]);
    finish();
    expect(await inFlight).toMatchObject({ status: 200, body: "finished" });
  });
});

const endingEndpoint = (name: string) => ({
  addresses: ["127.0.0.1"],
  conditions: { ready: false, serving: true, terminating: true },
  targetRef: { kind: "Pod", name, namespace: "shop" },
});

describe("traces", () => {
  it("continue the caller's, and end in one span", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const { body } = await platform.ask("http://web.example.com/cart?secret=1", {
      headers: { traceparent },
    });
    const { headers, pod } = JSON.parse(body);
    const [version, traceId, spanId, flags] = headers.traceparent.split("-");
    expect([version, traceId, flags]).toEqual(["00", "4bf92f3577b34da6a3ce929d0e0e4736", "01"]);
    await vi.waitFor(() =>
      expect(platform.spans.find((span) => span.spanId === spanId)).toBeDefined(),
    );
    expect(platform.spans.find((span) => span.spanId === spanId)).toMatchObject({
      parentSpanId: "00f067aa0ba902b7",
      sampled: true,
      name: "GET shop/web",
      method: "GET",
      path: "/cart",
      status: 200,
      service: "shop/web",
      pod: `shop/${pod}`,
      simulated: false,
      resendCount: 0,
      clientAddress: "127.0.0.1",
    });
  });

  it.each([
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "nonsense",
  ])("begin where there is none: %s", async (traceparent) => {
    const { body } = await platform.ask("http://web.example.com/", { headers: { traceparent } });
    const given = JSON.parse(body).headers.traceparent;
    expect(given).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(given).not.toContain("4bf92f3577b34da6a3ce929d0e0e4736");
  });
});

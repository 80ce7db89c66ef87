// The route intent by requests: the same table for every ingress adapter, with real HTTP servers as endpoints.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { ensureCredentials } from "../../../src/cluster/index.ts";
import { createRealClock } from "../../../src/core/index.ts";
import { ADAPTERS } from "./adapters.ts";
import { startRoutePlatform, type RouteIntent, type RoutePlatform } from "./route-platform.ts";

const INTENTS: readonly RouteIntent[] = [
  {
    name: "plain",
    host: "plain.example.com",
    rules: [
      { path: "/", backends: [{ service: "web" }] },
      { path: "/api", backends: [{ service: "api" }] },
      { path: "/api/exact", exact: true, backends: [{ service: "beta" }] },
    ],
  },
  {
    name: "header",
    host: "header.example.com",
    rules: [
      {
        path: "/",
        backends: [{ service: "web" }, { service: "beta" }],
        canaryHeader: { name: "x-canary", value: "yes" },
      },
    ],
  },
  {
    name: "strip",
    host: "strip.example.com",
    rules: [{ path: "/shop", stripPrefix: true, backends: [{ service: "web" }] }],
  },
  {
    name: "slow",
    host: "slow.example.com",
    rules: [{ path: "/", answerWithinMs: 200, backends: [{ service: "web" }] }],
  },
  {
    name: "limited",
    host: "limited.example.com",
    rules: [{ path: "/", limit: { perMinute: 6, burst: 6 }, backends: [{ service: "web" }] }],
  },
  {
    name: "secure",
    host: "secure.example.com",
    tls: true,
    rules: [{ path: "/", backends: [{ service: "web" }] }],
  },
  {
    name: "nobody",
    host: "nobody.example.com",
    rules: [{ path: "/", backends: [{ service: "idle" }] }],
  },
];
const SHARES = [5, 25, 50, 100];

interface Row {
  readonly name: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly status: number;
  /** The pod that answered. */
  readonly pod?: string;
  /** What the endpoint saw as path. */
  readonly seen?: string;
}

const ROWS: readonly Row[] = [
  {
    name: "the longest prefix wins",
    url: "http://plain.example.com/api/orders?q=1",
    status: 200,
    pod: "api-0",
    seen: "/api/orders?q=1",
  },
  {
    name: "prefixes end at a slash",
    url: "http://plain.example.com/apis",
    status: 200,
    pod: "web-0",
  },
  {
    name: "an exact path wins",
    url: "http://plain.example.com/api/exact",
    status: 200,
    pod: "beta-0",
  },
  {
    name: "an exact path takes nothing below it",
    url: "http://plain.example.com/api/exact/no",
    status: 200,
    pod: "api-0",
  },
  {
    name: "dots are resolved before matching",
    url: "http://plain.example.com/web/../api/x",
    status: 200,
    pod: "api-0",
  },
  { name: "a host in capitals", url: "http://PLAIN.example.com/", status: 200, pod: "web-0" },
  { name: "an alias of the domain", url: "http://plain.localhost/api", status: 200, pod: "api-0" },
  { name: "a host nobody has", url: "http://other.example.com/", status: 404 },
  {
    name: "a header chooses",
    url: "http://header.example.com/",
    headers: { "X-Canary": "yes" },
    status: 200,
    pod: "beta-0",
  },
  {
    name: "another value does not",
    url: "http://header.example.com/",
    headers: { "X-Canary": "no" },
    status: 200,
    pod: "web-0",
  },
  { name: "no header does not", url: "http://header.example.com/", status: 200, pod: "web-0" },
  {
    name: "a prefix is stripped",
    url: "http://strip.example.com/shop/cart/1?a=b",
    status: 200,
    seen: "/cart/1?a=b",
  },
  {
    name: "a stripped prefix alone is the root",
    url: "http://strip.example.com/shop",
    status: 200,
    seen: "/",
  },
  { name: "an endpoint that says nothing", url: "http://slow.example.com/silent", status: 504 },
  {
    name: "an answer of the endpoint's own",
    url: "http://plain.example.com/status/503",
    status: 503,
    pod: "web-0",
  },
  { name: "HEAD", url: "http://plain.example.com/", method: "HEAD", status: 200 },
  { name: "a Service with nobody behind it", url: "http://nobody.example.com/", status: 503 },
  { name: "HTTPS", url: "https://secure.example.com/", status: 200, pod: "web-0" },
  {
    name: "HTTPS in front of what has no certificate of its own",
    url: "https://plain.example.com/api",
    status: 200,
    pod: "api-0",
  },
  { name: "a host nobody has, over HTTPS", url: "https://other.example.com/", status: 404 },
];

describe.each(ADAPTERS)("route intent with $name", (adapter) => {
  let platform: RoutePlatform;

  beforeAll(async () => {
    const { server } = ensureCredentials({
      now: createRealClock().now(),
      hosts: ["secure.example.com"],
    });
    platform = await startRoutePlatform(adapter, {
      certPem: server.certificatePem,
      keyPem: server.keyPem,
    });
    await Promise.all(["web", "api", "beta"].map((service) => platform.serve(service)));
    await platform.serve("idle", 0);
    for (const intent of INTENTS) await platform.route(intent);
    for (const share of SHARES) {
      const backends = [
        { service: "web", weight: 100 - share },
        { service: "beta", weight: share },
      ];
      await platform.route({
        name: `share-${share}`,
        host: `share-${share}.example.com`,
        rules: [{ path: "/", backends }],
      });
    }
    await vi.waitFor(async () => {
      const { status } = await platform.ask("http://share-100.example.com/");
      expect(status).toBe(200);
    });
  });
  afterAll(async () => {
    await platform.stop();
  });

  it.each(ROWS)("$name", async ({ url, headers, method, status, pod, seen }) => {
    const answer = await platform.ask(url, {
      ...(headers && { headers }),
      ...(method && { method }),
    });
    expect(answer.status).toBe(status);
    const said = pod === undefined && seen === undefined ? {} : JSON.parse(answer.body);
    if (pod !== undefined) expect(said.pod).toBe(pod);
    if (seen !== undefined) expect(said.url).toBe(seen);
  });

  it.each(SHARES)("a share of %d per cent gets that within two points", async (share) => {
    const requests = 100;
    let taken = 0;
    for (let turn = 0; turn < requests; turn += 1) {
      const { body } = await platform.ask(`http://share-${share}.example.com/`);
      if (JSON.parse(body).pod === "beta-0") taken += 1;
    }
    expect(Math.abs((taken * 100) / requests - share)).toBeLessThanOrEqual(2);
  });

  const { cannot } = adapter;
  const limited = cannot === undefined ? 429 : 200;
  it(`a limit lets its burst through, the next gets ${limited}${cannot ? `: ${cannot.limit}` : ""}`, async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      statuses.push((await platform.ask("http://limited.example.com/")).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, limited]);
  });

  it("plain HTTP is sent to HTTPS at the port that is open here", async () => {
    const { status, headers } = await platform.ask("http://secure.example.com/cart?id=1");
    expect([301, 308]).toContain(status);
    expect(headers["location"]).toBe(
      `https://secure.example.com:${platform.ingress.httpsPort}/cart?id=1`,
    );
  });

  it("the endpoint learns that the client spoke HTTPS", async () => {
    const { body } = await platform.ask("https://plain.example.com/");
    expect(JSON.parse(body).headers).toMatchObject({ "x-forwarded-proto": "https" });
  });

  it("the endpoint learns who asked", async () => {
    const { body } = await platform.ask("http://plain.example.com/", {
      headers: {
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-proto": "https",
        "x-real-ip": "203.0.113.7",
      },
    });
    const { headers } = JSON.parse(body);
    expect(headers).toMatchObject({
      host: "plain.example.com",
      "x-forwarded-host": "plain.example.com",
      "x-forwarded-proto": "http",
      "x-real-ip": "127.0.0.1",
    });
    expect(headers["x-forwarded-for"]).toMatch(/^(203\.0\.113\.7, )?127\.0\.0\.1$/);
  });
});

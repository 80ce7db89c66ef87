// Ports of pods over WebSocket, over SPDY and through the tunnel, and the HTTP proxy of pods and Services; behind them is one
// real server of this machine.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createRealClock } from "../../../core/index.ts";
import { createProcessAgent } from "../testing/process-agent.ts";
import { runPod } from "../testing/running-pod.ts";
import { startServedCluster } from "../testing/served-cluster.ts";
import type { ServedCluster } from "../testing/served-cluster.ts";
import { createSpdyClient } from "../testing/spdy-client.ts";
import type { SpdyClient } from "../testing/spdy-client.ts";
import { openWebSocket, upgrade } from "../testing/stream-client.ts";
import { openTunnel } from "../testing/tunnel-client.ts";

const server = createServer((request, response) => {
  const { method, url, headers } = request;
  const seen = {
    method,
    url,
    host: headers.host,
    secret: headers.authorization,
    x: headers["x-a"],
  };
  let body = "";
  request.on("data", (part) => (body += String(part)));
  request.once("end", () => {
    response.setHeader("x-served", ["one", "two"]);
    response.statusCode = url === "/teapot" ? 418 : 200;
    response.end(JSON.stringify({ ...seen, body }));
  });
});
server.on("upgrade", (_request, socket) => {
  socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
  socket.pipe(socket);
});

let cluster: ServedCluster;
let port: number;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
  cluster = await startServedCluster({ nodeAgent: createProcessAgent() });
  await runPod(cluster, { name: "web", port });
  await runPod(cluster, { name: "simulated", port });
  await expose("web", "web");
  await expose("nobody", undefined);
});
afterAll(async () => {
  server.close();
  await cluster.served.close();
});

const DEFAULT = "/api/v1/namespaces/default";

/** A Service and the slice its controller would have written. */
async function expose(name: string, pod: string | undefined): Promise<void> {
  const spec = { ports: [{ name: "http", port: 80 }], selector: { app: name } };
  await cluster.send("POST", `${DEFAULT}/services`, {
    kind: "Service",
    apiVersion: "v1",
    metadata: { name },
    spec,
  });
  const targetRef = { kind: "Pod", name: pod, namespace: "default" };
  await cluster.send("POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
    kind: "EndpointSlice",
    apiVersion: "discovery.k8s.io/v1",
    metadata: { name, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    ports: [{ name: "http", port }],
    endpoints:
      pod === undefined
        ? []
        : [{ addresses: ["10.0.0.1"], conditions: { ready: true }, targetRef }],
  });
}

async function until(condition: () => boolean): Promise<void> {
  const clock = createRealClock({ keepAlive: true });
  while (!condition()) await clock.sleep(5);
}

const REQUEST = "GET /asked HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const FORWARD = `${DEFAULT}/pods/web/portforward`;
const SPDY = { upgrade: "SPDY/3.1", "x-stream-protocol-version": "portforward.k8s.io" };

async function bySpdy(): Promise<SpdyClient> {
  const { socket } = await upgrade(cluster, "POST", FORWARD, SPDY);
  if (socket === undefined) throw new Error("refused");
  return createSpdyClient(socket);
}

async function byTunnel(): Promise<SpdyClient> {
  return createSpdyClient(await openTunnel(cluster, FORWARD));
}

describe.each([
  { name: "SPDY", dial: bySpdy },
  { name: "SPDY inside a WebSocket", dial: byTunnel },
])("ports over $name", ({ dial }) => {
  it("are joined, each connection by two streams", async () => {
    const client = await dial();
    const asked = ["1", "2", "3"].map((requestid) => {
      const headers = { requestid, port: String(port) };
      const errors = client.open({ ...headers, streamtype: "error" });
      client.send(errors, "", true);
      const data = client.open({ ...headers, streamtype: "data" });
      client.send(data, REQUEST, true);
      return { errors, data };
    });
    await until(() =>
      asked.every(({ errors, data }) => client.over.has(errors) && client.over.has(data)),
    );
    for (const { errors, data } of asked) {
      expect(client.heard(data)).toContain('"url":"/asked"');
      expect(client.heard(errors)).toBe("");
    }
    client.cut();
  });

  it("that nobody listens on are told on the stream of errors", async () => {
    const client = await dial();
    const data = client.open({ requestid: "1", port: "1", streamtype: "data" });
    const errors = client.open({ requestid: "1", port: "1", streamtype: "error" });
    await until(() => client.over.has(errors) && client.over.has(data));
    expect(client.heard(errors)).toMatch(
      /^error forwarding port 1 to pod web, uid .+: .*ECONNREFUSED/,
    );
    client.cut();
  });

  it.each([
    { name: "no port", headers: { requestid: "1", streamtype: "data" } },
    { name: "a port that is none", headers: { requestid: "1", streamtype: "data", port: "70000" } },
    { name: "an unknown kind", headers: { requestid: "1", streamtype: "other", port: "80" } },
  ])("are refused stream by stream: $name", async ({ headers }) => {
    const client = await dial();
    const id = client.open(headers);
    await until(() => client.over.has(id));
    client.cut();
  });
});

describe("ports over WebSocket", () => {
  it("say their number first, on both channels", async () => {
    const heard = await openWebSocket(cluster, `${FORWARD}?ports=${port},1`, ["v4.channel.k8s.io"]);
    heard.send(0, REQUEST);
    expect(await heard.closed).toBe(1000);
    const number = Buffer.from([port & 0xff, port >> 8]).toString("latin1");
    expect(heard.on(0).slice(0, 2)).toBe(number);
    expect(heard.on(0)).toContain('"url":"/asked"');
    expect(heard.on(1)).toBe(number);
    expect(heard.on(2)).toBe("\x01\0");
    expect(heard.on(3)).toContain("error forwarding port 1 to pod web");
  });

  it.each([
    { query: "", message: 'query parameter "port" is required' },
    { query: "ports=", message: 'query parameter "port" cannot be empty' },
    { query: "ports=0", message: 'port "0" must be > 0' },
    { query: "ports=http", message: 'unable to parse "http" as a port' },
    { query: "ports=80,70000", message: 'unable to parse "70000" as a port' },
  ])("are refused: '$query'", async ({ query, message }) => {
    const headers = {
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol": "v4.channel.k8s.io",
    };
    const refused = await upgrade(cluster, "GET", `${FORWARD}?${query}`, headers);
    expect(refused.status).toBe(400);
    expect("text" in refused && JSON.parse(refused.text)).toMatchObject({ message });
  });
});

describe("the proxy", () => {
  it.each([
    { name: "a pod by its declared port", path: "pods/web" },
    { name: "a pod and a port", path: "pods/web:PORT" },
    { name: "a pod with a scheme", path: "pods/http:web:PORT" },
    { name: "a Service of one port", path: "services/web" },
    { name: "a Service by the port's name", path: "services/web:http" },
    { name: "a Service by the port's number", path: "services/http:web:80" },
  ])("hands on to $name", async ({ path }) => {
    const target = `${DEFAULT}/${path.replace("PORT", String(port))}/proxy`;
    const answer = await cluster.send("POST", `${target}/a/proxy/b?c=d`, "body", {
      "x-a": "b",
      accept: "text/html",
      "content-type": "text/plain",
    });
    expect(answer.status).toBe(200);
    expect(answer.headers["x-served"]).toBe("one, two");
    expect(JSON.parse(answer.text)).toEqual({
      method: "POST",
      url: "/a/proxy/b?c=d",
      host: `web:${port}`,
      x: "b",
      body: "body",
    });
  });

  it("hands back what the pod answers, and other methods", async () => {
    expect((await cluster.get(`${DEFAULT}/services/web/proxy/teapot`)).status).toBe(418);
    for (const method of ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
      expect((await cluster.send(method, `${DEFAULT}/pods/web/proxy/`)).status).toBe(200);
  });

  it("leads to the root", async () => {
    const answer = await cluster.get(`${DEFAULT}/pods/web/proxy?a=b`);
    expect(answer.status).toBe(301);
    expect(answer.headers["location"]).toBe(`${DEFAULT}/pods/web/proxy/?a=b`);
  });

  it("joins connections that go on in another protocol", async () => {
    const { socket } = await upgrade(cluster, "GET", `${DEFAULT}/pods/web/proxy/`, {
      upgrade: "echo",
    });
    let heard = "";
    socket?.on("data", (part: Buffer) => (heard += String(part)));
    socket?.write("said");
    await until(() => heard === "said");
    socket?.destroy();
  });

  it.each([
    {
      name: "a simulated pod",
      path: "pods/simulated",
      status: 501,
      message: "pods/proxy needs a process",
    },
    { name: "an absent pod", path: "pods/absent", status: 404, message: "not found" },
    { name: "an absent Service", path: "services/absent", status: 404, message: "not found" },
    {
      name: "a port nobody listens on",
      path: "pods/web:1",
      status: 503,
      message: "error trying to reach service",
    },
    { name: "a port that is none", path: "pods/web:x", status: 400, message: "invalid port" },
    {
      name: "a name that is none",
      path: "pods/a:b:c:d",
      status: 400,
      message: "invalid pod request",
    },
    {
      name: "a port the Service has not",
      path: "services/web:81",
      status: 503,
      message: "no service port",
    },
    {
      name: "a Service nobody serves",
      path: "services/nobody",
      status: 503,
      message: "no endpoints available",
    },
  ])("refuses $name", async ({ path, status, message }) => {
    const answer = await cluster.get(`${DEFAULT}/${path}/proxy/`);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).message).toContain(message);
  });
});

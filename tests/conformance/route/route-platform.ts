// A cluster's API with one ingress adapter on it, a real ingress in front and real HTTP servers behind: what a route
// intent becomes is the adapter's business, what a request then meets is the table's.

import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";

import { AGENT, bootstrap, createCluster, PROCESS } from "../../../src/cluster/index.ts";
import { createRealClock, createRng } from "../../../src/core/index.ts";
import { createMemorySource } from "../../../src/delivery/index.ts";
import {
  createInformerSet,
  type KubeApi,
  type KubernetesObject,
} from "../../../src/kubernetes/index.ts";
import type { Behaviour, BehaviourContext } from "../../../src/model/index.ts";
import { serveIngress, type RequestSpan, type RunningIngress } from "../../../src/runtime/index.ts";

export interface RouteIntent {
  readonly name: string;
  readonly host: string;
  readonly rules: readonly RouteIntentRule[];
  /** Served over HTTPS, and plain HTTP is redirected there. */
  readonly tls?: boolean;
}

export interface RouteIntentRule {
  readonly path: string;
  readonly exact?: boolean;
  /** The share of the last one is what the others leave. */
  readonly backends: readonly { readonly service: string; readonly weight?: number }[];
  /** Requests with this header go to the second backend. */
  readonly canaryHeader?: { readonly name: string; readonly value: string };
  /** The path's own prefix is replaced. */
  readonly stripPrefix?: boolean;
  readonly answerWithinMs?: number;
  /** One and `burst` more pass at once, then this many a minute. */
  readonly limit?: { readonly perMinute: number; readonly burst: number };
}

export interface RouteAdapter {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly install: readonly KubernetesObject[];
  objects(intent: RouteIntent): readonly KubernetesObject[];
  /** What it does otherwise than the table says, and why. */
  readonly cannot?: { readonly limit: string };
}

export interface RoutePlatform {
  readonly api: KubeApi;
  readonly ingress: RunningIngress;
  readonly spans: readonly RequestSpan[];
  /** A Service with real servers as its pods. */
  serve(service: string, count?: number): Promise<readonly ServedPod[]>;
  route(intent: RouteIntent): Promise<void>;
  ask(url: string, options?: AskOptions): Promise<Answered>;
  stop(): Promise<void>;
}

export interface ServedPod {
  readonly name: string;
  readonly server: Server;
  /** What it was asked. */
  readonly seen: {
    readonly method: string;
    readonly url: string;
    readonly rawHeaders: readonly string[];
  }[];
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  readonly tls?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export async function startRoutePlatform(
  adapter: RouteAdapter,
  certificate?: { readonly certPem: string; readonly keyPem: string },
): Promise<RoutePlatform> {
  const clock = createRealClock();
  const rng = createRng("route");
  const cluster = createCluster({ name: "test", clock, rng });
  await bootstrap(cluster);
  const { api } = cluster;
  for (const object of adapter.install) await api.create(object);
  const informers = createInformerSet({ api, clock, rng });
  const context: BehaviourContext = {
    api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
  };
  const routes = adapter.behaviour.routes?.(context);
  if (routes === undefined) throw new Error(`${adapter.name} decides no routes`);
  const backend = {
    routes,
    services: informers.informer({ apiVersion: "v1", kind: "Service" }),
    slices: informers.informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
    pods: informers.informer({ apiVersion: "v1", kind: "Pod" }),
  };
  informers.start();
  await informers.synced();
  const spans: RequestSpan[] = [];
  const ingress = await serveIngress([backend], {
    httpPort: 0,
    httpsPort: 0,
    clock,
    rng,
    aliases: [{ suffix: ".localhost", standsFor: ".example.com" }],
    onSpan: (span) => void spans.push(span),
    ...(certificate === undefined ? {} : { certificate }),
  });
  const servers: Server[] = [];
  return {
    api,
    ingress,
    spans,
    async serve(service, count = 1) {
      const pods = await Promise.all(
        Array.from({ length: count }, (_, index) => startPod(`${service}-${index}`)),
      );
      servers.push(...pods.map(({ server }) => server));
      await publish(api, service, pods);
      return pods;
    },
    async route(intent) {
      for (const object of adapter.objects(intent)) await api.create(object);
    },
    ask: (url, options) => ask(ingress, url, options),
    async stop() {
      await ingress.close();
      informers.stop();
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** Each pod has a port of its own on 127.0.0.1, so each gets a slice of its own. */
async function publish(api: KubeApi, service: string, pods: readonly ServedPod[]): Promise<void> {
  const namespace = "shop";
  await api.create({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: service, namespace },
    spec: { ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  });
  for (const { name, server } of pods) {
    await api.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, annotations: { [AGENT]: PROCESS } },
      spec: { containers: [{ name: "main", image: "app:1" }] },
    });
    await api.create(sliceOf(service, name, server));
  }
}

function sliceOf(service: string, name: string, server: Server): KubernetesObject {
  const address = server.address() as { port: number };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name, namespace: "shop", labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    ports: [{ name: "http", port: address.port, protocol: "TCP" }],
    endpoints: [
      {
        addresses: ["127.0.0.1"],
        conditions: { ready: true },
        targetRef: { kind: "Pod", name, namespace: "shop" },
      },
    ],
  } as KubernetesObject;
}

async function startPod(name: string): Promise<ServedPod> {
  const seen: ServedPod["seen"] = [];
  const server = createServer((request, response) => {
    const { method = "", url = "", rawHeaders } = request;
    seen.push({ method, url, rawHeaders });
    const status = /\/status\/(\d+)/.exec(url)?.[1];
    if (url.includes("/silent")) return;
    if (url.includes("/cut")) {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
      return;
    }
    if (url.includes("/trailers")) {
      response.writeHead(200, { trailer: "x-sum" });
      response.write("body");
      response.addTrailers({ "x-sum": "42" });
      response.end();
      return;
    }
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const { trailers } = request;
      const text = JSON.stringify({
        pod: name,
        method,
        url,
        headers: request.headers,
        body,
        trailers,
      });
      response.writeHead(Number(status ?? 200), {
        "set-cookie": ["a=1", "b=2"],
        "keep-alive": "timeout=5",
      });
      response.end(text);
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => socket.destroy());
    if (request.url?.includes("/refused") === true) {
      return void socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    }
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello ",
    );
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { name, server, seen };
}

/** The name in the URL goes into the Host field, the connection to the ingress. */
async function ask(
  ingress: RunningIngress,
  url: string,
  options: AskOptions = {},
): Promise<Answered> {
  const { hostname, pathname, search, protocol } = new URL(url);
  const secure = protocol === "https:";
  const { request } = secure ? await import("node:https") : { request: httpRequest };
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port: secure ? ingress.httpsPort : ingress.httpPort,
      path: pathname + search,
      method: options.method ?? "GET",
      headers: { host: hostname, ...(options.headers as Record<string, string>) },
      agent: false,
      ...(secure ? { rejectUnauthorized: false } : {}),
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      let body = "";
      response.on("data", (chunk) => (body += String(chunk)));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers, trailers } = response;
        resolve({ status: statusCode, headers, trailers, body });
      });
    });
    sent.end(options.body);
  });
}

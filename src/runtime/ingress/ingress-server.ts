// The HTTP and HTTPS ports of a platform on a laptop. Routes for real: host and path → route → Service → a ready
// endpoint, round robin. Simulated pods answer for themselves.

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

import type { Informer } from "../../kubernetes/index.ts";
import type { RouteTable } from "../../model/index.ts";
import { readyEndpoints } from "./endpoints.ts";
import { ingressRefusal, simulatedAnswer, type Answer } from "./simulated-answer.ts";

/** One cluster's way in. */
export interface IngressBackend {
  readonly routes: RouteTable;
  readonly services: Informer;
  readonly slices: Informer;
  readonly pods: Informer;
}

export interface IngressOptions {
  /** 0 picks a free port. */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** PEM; without them there is no HTTPS port. */
  readonly certificate?: { readonly certPem: string; readonly keyPem: string };
}

export interface RunningIngress {
  readonly httpPort: number;
  readonly httpsPort?: number;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

export async function serveIngress(
  backends: readonly IngressBackend[],
  options: IngressOptions,
): Promise<RunningIngress> {
  const turns = new Map<string, number>();
  const listener =
    (tls: boolean): RequestListener =>
    (request, response) =>
      send(response, answer(request, tls, backends, turns));
  const http = await listen(createServer(listener(false)), options.httpPort);
  const { certificate } = options;
  const https =
    certificate &&
    (await listen(
      createTlsServer({ cert: certificate.certPem, key: certificate.keyPem }, listener(true)),
      options.httpsPort,
    ).catch(async (error: unknown) => {
      await close(http);
      throw error;
    }));
  return {
    httpPort: portOf(http),
    ...(https === undefined ? {} : { httpsPort: portOf(https) }),
    close: async () => {
      await close(http);
      if (https !== undefined) await close(https);
    },
  };
}

function answer(
  request: IncomingMessage,
  tls: boolean,
  backends: readonly IngressBackend[],
  turns: Map<string, number>,
): Answer {
  const about = readRequest(request, tls);
  const reasons: string[] = [];
  for (const backend of backends) {
    const decision = backend.routes.match(about);
    if (decision.kind === "none") reasons.push(decision.reason);
    else if (decision.kind === "redirect")
      return { status: decision.status, headers: { location: decision.location }, body: "" };
    else return forward(decision, about, backend, turns);
  }
  return ingressRefusal(404, reasons[0] ?? "no ingress");
}

type Routed = Extract<ReturnType<RouteTable["match"]>, { kind: "service" }>;

function forward(
  decision: Routed,
  about: ReturnType<typeof readRequest>,
  backend: IngressBackend,
  turns: Map<string, number>,
): Answer {
  const name = `${decision.namespace}/${decision.service}:${decision.port}`;
  const endpoints = readyEndpoints(
    { namespace: decision.namespace, name: decision.service, port: decision.port },
    backend,
  );
  if (endpoints === undefined) return ingressRefusal(502, `service ${name} does not exist`);
  const turn = turns.get(name) ?? 0;
  turns.set(name, turn + 1);
  const endpoint = endpoints[turn % Math.max(1, endpoints.length)];
  const pod = endpoint && backend.pods.get(endpoint.pod.name, endpoint.pod.namespace);
  if (pod === undefined) return ingressRefusal(503, `service ${name} has no ready endpoint`);
  return simulatedAnswer(pod, { ...about, route: decision.route });
}

function readRequest(request: IncomingMessage, tls: boolean): Parameters<RouteTable["match"]>[0] {
  const headers = Object.entries(request.headers).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.join(",") : (value ?? ""),
  ]);
  const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  const path = (request.url ?? "/").replace(/[?#].*$/, "");
  return {
    host,
    path,
    method: request.method ?? "GET",
    headers: Object.fromEntries(headers) as Record<string, string>,
    tls,
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

function listen<S extends Server>(server: S, port: number): Promise<S> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

// A listening TCP server has an AddressInfo; only pipes have a string.
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) =>
    server.close((error) => (error ? reject(error) : resolve())),
  );
}

// The proxy of a member for what it opens itself: requests get the treatment of the mesh one by one, other connections go to one
// endpoint as a whole, and members are spoken to by mutual TLS.

import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";

import type { HostPort } from "../../../cluster/index.ts";
import type { Clock, Rng } from "../../../core/index.ts";
import type { Pod } from "../../../kubernetes/index.ts";
import type { MeshDestination, MeshTreatment, MeshTrust } from "../../../model/index.ts";
import { askEndpoint } from "../../ingress/ask-endpoint.ts";
import { takeBody, type RequestBody } from "../../ingress/request-body.ts";
import type { TraceContext } from "../../ingress/request-span.ts";
import { identityOf, type MeshPod } from "../mesh-endpoints.ts";
import {
  createOutboundProxy,
  type Attempted,
  type MeshAnswer,
  type OutboundProxy,
} from "../outbound-proxy.ts";
import { hand, header, serviceOf } from "./inbound-listener.ts";
import type { MeshCertificates, PeerCredentials } from "./mesh-certificates.ts";
import { traceOf, type ProxySpan } from "./mesh-span.ts";
import { connectToPeer, join } from "./peer-connection.ts";
import { peek } from "./peek.ts";
import { answerLocally, headersFor, relayAnswer, repeatHead } from "./relay.ts";

export interface OutboundHost {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly trust: MeshTrust;
  readonly certificates: MeshCertificates;
  treatment(): MeshTreatment;
  /** On this machine. */
  endpoints(of: MeshDestination): readonly MeshPod[] | undefined;
  isMember(pod: Pod): boolean;
  reach(address: string, port: number): HostPort;
  onSpan(span: ProxySpan): void;
}

export interface ServiceAsked {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface Caller {
  readonly pod: Pod;
  readonly address: string;
}

interface LiveAnswer extends MeshAnswer {
  readonly message: IncomingMessage;
}

interface Asking {
  readonly caller: Caller;
  readonly to: ServiceAsked;
}

const ANSWER_MAX_MS = 3_600_000;

/** Takes over connections of members to Services. */
export function createOutboundConnections(host: OutboundHost): {
  serve(client: Socket, asking: Asking): void;
  forget(address: string): void;
  stop(): void;
} {
  const proxies = new Map<string, OutboundProxy<MeshPod, LiveAnswer>>();
  const agents = new Map<string, Agent>();
  const asked = new WeakMap<object, Asking>();
  const proxyOf = ({ address }: Caller): OutboundProxy<MeshPod, LiveAnswer> => {
    const known = proxies.get(address) ?? createOutboundProxy<MeshPod, LiveAnswer>(host);
    proxies.set(address, known);
    return known;
  };
  const agentFor = (caller: Caller, endpoint: MeshPod, credentials: PeerCredentials): Agent => {
    const key = `${caller.address} ${endpoint.id} ${endpoint.port} ${credentials.cert}`;
    const known = agents.get(key) ?? peerAgent(() => dial(caller, endpoint, credentials, host));
    agents.set(key, known);
    return known;
  };
  const http = createServer((request, response) => {
    const asking = asked.get(request.socket);
    if (asking === undefined) return void request.socket.destroy();
    void handle(request, response, { ...asking, host, agentFor, proxy: proxyOf(asking.caller) });
  });
  http.on("clientError", (_error, socket) => socket.destroy());
  http.on("upgrade", (request, client: Socket, head) => {
    const asking = asked.get(client);
    if (asking === undefined) return void client.destroy();
    void tunnel(client, asking, host, (upstream) => repeatHead(request, head, upstream));
  });
  const serve = async (client: Socket, asking: Asking): Promise<void> => {
    client.setNoDelay(true);
    const opening = await peek(client, host.clock);
    if (opening === "ended") return void client.destroy();
    if (opening !== "http") return tunnel(client, asking, host);
    asked.set(client, asking);
    hand(http, client);
  };
  return {
    serve: (client, asking) => void serve(client, asking),
    forget: (address) => void proxies.delete(address),
    stop() {
      for (const agent of agents.values()) agent.destroy();
      http.closeAllConnections();
    },
  };
}

interface Handling extends Asking {
  readonly host: OutboundHost;
  readonly proxy: OutboundProxy<MeshPod, LiveAnswer>;
  agentFor(caller: Caller, endpoint: MeshPod, credentials: PeerCredentials): Agent;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  handling: Handling,
): Promise<void> {
  const { caller, to, host, proxy } = handling;
  const { clock } = host;
  const { method = "GET", url = "/" } = request;
  const path = url.split("?")[0] ?? "/";
  const startMs = clock.now();
  const { tracedPercent } = host.treatment();
  const trace = traceOf(header(request, "traceparent"), tracedPercent, host.rng);
  const body = await takeBody(request).catch(() => undefined);
  if (body === undefined) return;
  const sending: Sent = { request, body, trace, handling };
  const { namespace = "", labels = {} } = caller.pod.metadata;
  const outcome = await proxy.send(
    {
      from: { namespace, labels },
      to: { namespace: to.namespace, service: to.name, port: to.port },
      method,
      path,
      headers: plainHeaders(request),
    },
    {
      repeatable: body.kind !== "stream",
      attempt: (endpoint, _number, signal) => attempt(endpoint, signal, sending),
      mirror: (endpoint) => void copy(endpoint, sending),
    },
  );
  const status = outcome.kind === "answer" ? outcome.answer.status : outcome.status;
  if (trace !== undefined)
    host.onSpan({
      trace,
      kind: "client",
      service: serviceOf(caller.pod),
      method,
      path,
      target: `${to.name}.${to.namespace}:${to.port}`,
      status,
      flag: outcome.kind === "local" ? outcome.flag : undefined,
      attempts: outcome.attempts,
      startMs,
      endMs: clock.now(),
    });
  if (outcome.kind === "answer") return relayAnswer(outcome.answer.message, response);
  answerLocally(response, outcome.status, TEXTS[outcome.flag] ?? "upstream connect error");
}

/** Envoy's own words. */
const TEXTS: Readonly<Record<string, string>> = {
  FI: "fault filter abort",
  NR: "",
  UH: "no healthy upstream",
  UO: "upstream connect error or disconnect/reset before headers. reset reason: overflow",
  UT: "upstream request timeout",
};

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}

interface Sent {
  readonly request: IncomingMessage;
  readonly body: RequestBody;
  readonly trace: TraceContext | undefined;
  readonly handling: Handling;
}

async function attempt(
  endpoint: MeshPod,
  signal: AbortSignal,
  { request, body, trace, handling }: Sent,
): Promise<Attempted<LiveAnswer>> {
  const { host, caller } = handling;
  const credentials = host.isMember(endpoint.pod)
    ? await host.certificates.of(identityOf(caller.pod))
    : undefined;
  const result = await askEndpoint({
    at: host.reach(endpoint.address, endpoint.port),
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: headersFor(request, body, trace),
    body,
    bodySizeMax: undefined,
    agent: credentials && handling.agentFor(caller, endpoint, credentials),
    timeoutMs: ANSWER_MAX_MS,
    signal,
    clock: host.clock,
  });
  if (result.kind === "refused") return { kind: "refused" };
  if (result.kind !== "answer") return { kind: "no-answer" };
  const { response: message } = result;
  const ended = new Promise<void>((resolve) => void message.once("close", () => resolve()));
  const status = message.statusCode ?? 502;
  return { kind: "answer", answer: { status, message, ended, discard: () => message.resume() } };
}

/** What was streamed has no copy. */
async function copy(endpoint: MeshPod, sent: Sent): Promise<void> {
  if (sent.body.kind === "stream") return;
  const result = await attempt(endpoint, new AbortController().signal, sent);
  if (result.kind === "answer") result.answer.discard?.();
}

function dial(
  { pod, address }: Caller,
  endpoint: MeshPod,
  credentials: PeerCredentials,
  { trust, reach }: OutboundHost,
): ReturnType<typeof connectToPeer> {
  return connectToPeer(reach(endpoint.address, endpoint.port), {
    credentials,
    expected: trust.nameOf(identityOf(endpoint.pod)),
    localAddress: pod.metadata.name === "" ? undefined : address,
  });
}

function peerAgent(dialled: () => ReturnType<typeof connectToPeer>): Agent {
  return Object.assign(new Agent({ keepAlive: true }), { createConnection: dialled });
}

/** All that is not HTTP: one endpoint for as long as the connection stands. */
async function tunnel(
  client: Socket,
  { caller, to }: Asking,
  host: OutboundHost,
  begin?: (upstream: Socket) => void,
): Promise<void> {
  const of = { namespace: to.namespace, service: to.name, port: to.port, exists: true };
  const endpoints = host.endpoints(of) ?? [];
  const endpoint = endpoints[host.rng.below(Math.max(1, endpoints.length))];
  if (endpoint === undefined) return void client.resetAndDestroy();
  const upstream = host.isMember(endpoint.pod)
    ? dial(caller, endpoint, await host.certificates.of(identityOf(caller.pod)), host)
    : connect({ ...host.reach(endpoint.address, endpoint.port), allowHalfOpen: true });
  upstream.on("error", () => client.destroy());
  begin?.(upstream);
  join(client, upstream);
}

// The proxy in front of one port of a member: peers prove who they are, plain text is heard where the mesh lets it in, and what
// passes goes on to the process. Requests are admitted one by one, other connections as a whole.

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";

import type { HostPort } from "../../../cluster/index.ts";
import type { Clock, Rng } from "../../../core/index.ts";
import type { Pod } from "../../../kubernetes/index.ts";
import type { MeshRequest, MeshTrust } from "../../../model/index.ts";
import { askEndpoint } from "../../ingress/ask-endpoint.ts";
import { takeBody } from "../../ingress/request-body.ts";
import type { InboundProxy } from "../inbound-proxy.ts";
import type { MeshCertificates, MeshIdentity, PeerCredentials } from "./mesh-certificates.ts";
import type { ProxySpan } from "./mesh-span.ts";
import { traceOf } from "./mesh-span.ts";
import { identityOfPeer, join, PEER_PROTOCOL } from "./peer-connection.ts";
import { peek } from "./peek.ts";
import { answerLocally, headersFor, relayAnswer, repeatHead } from "./relay.ts";

export interface InboundHost {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly trust: MeshTrust;
  readonly certificates: MeshCertificates;
  readonly tracedPercent: () => number | undefined;
  readonly onSpan: (span: ProxySpan) => void;
  /** Where somebody without an identity counts as coming from. */
  readonly strangerAddress: string;
  /** A member that opens a connection to a pod itself: its own proxy carries it. */
  carry(client: Socket, to: { readonly at: HostPort; readonly identity: MeshIdentity }): boolean;
}

export interface InboundMember {
  readonly pod: Pod;
  readonly identity: MeshIdentity;
  readonly address: string;
  readonly port: number;
  /** Where its process listens. */
  readonly inside: HostPort;
  readonly proxy: InboundProxy;
}

export interface InboundListener {
  readonly at: HostPort;
  close(): void;
}

const ANSWER_MAX_MS = 3_600_000;

export async function openInbound(
  member: InboundMember,
  host: InboundHost,
): Promise<InboundListener> {
  const open = new Set<Socket>();
  const peers = new WeakMap<object, MeshIdentity>();
  const credentials = await host.certificates.of(member.identity);
  const http = createHttpServer((request, response) => void handle(request, response));
  http.on("upgrade", (request, client: Socket, head) => upgrade(request, client, head));
  http.on("clientError", (_error, socket) => socket.destroy());
  const tls = createTlsServer(
    { ...withPeers(credentials) },
    (socket) => void serve(socket, socket),
  );
  tls.on("tlsClientError", (_error, socket) => void socket.destroy());
  let current = credentials;

  const renew = async (): Promise<void> => {
    const next = await host.certificates.of(member.identity);
    if (next !== current) tls.setSecureContext(next);
    current = next;
  };
  const requestOf = (socket: Socket, more: Pick<MeshRequest, "http">): MeshRequest => {
    const identity = peers.get(socket);
    return {
      ...(identity === undefined ? {} : { identity }),
      address: host.strangerAddress,
      to: {
        namespace: member.pod.metadata.namespace ?? "",
        labels: member.pod.metadata.labels ?? {},
      },
      port: member.port,
      ...more,
    };
  };
  const admit = ({ socket, method = "GET", url = "/" }: IncomingMessage) =>
    member.proxy.admit(requestOf(socket, { http: { method, path: url.split("?")[0] ?? "/" } }));

  const serve = async (socket: Socket, peer: TLSSocket | undefined): Promise<void> => {
    const identity = peer && identityOfPeer(peer, host.trust);
    if (peer !== undefined && identity === undefined) return void socket.destroy();
    if (identity !== undefined) peers.set(socket, identity);
    const opening = await peek(socket, host.clock);
    if (opening === "ended") return void socket.destroy();
    if (opening === "peer" && peer === undefined) {
      await renew();
      return hand(tls, socket);
    }
    const self = { at: listener.at, identity: member.identity };
    if (peer === undefined && host.carry(socket, self)) return;
    if (opening === "http") return hand(http, socket);
    // A peer's own TLS inside the tunnel is the app's business.
    if (member.proxy.admit(requestOf(socket, {})).kind !== "allowed") return void socket.destroy();
    join(socket, track(open, connect({ ...member.inside, allowHalfOpen: true, noDelay: true })));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { clock } = host;
    const startMs = clock.now();
    const trace = traceOf(header(request, "traceparent"), host.tracedPercent(), host.rng);
    const identity = peers.get(request.socket);
    response.once("close", () => {
      if (trace === undefined) return;
      host.onSpan({
        trace,
        kind: "server",
        service: serviceOf(member.pod),
        method: request.method ?? "GET",
        path: (request.url ?? "/").split("?")[0] ?? "/",
        target: `${serviceOf(member.pod)}:${member.port}`,
        status: response.headersSent ? response.statusCode : 0,
        peer: identity && host.trust.nameOf(identity),
        attempts: 1,
        startMs,
        endMs: clock.now(),
      });
    });
    const admitted = admit(request);
    if (admitted.kind === "closed") return void request.socket.destroy();
    if (admitted.kind === "refused")
      return answerLocally(response, admitted.status, admitted.reason);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const body = await takeBody(request).catch(() => undefined);
    if (body === undefined) return;
    const result = await askEndpoint({
      at: member.inside,
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: headersFor(request, body, trace),
      body,
      bodySizeMax: undefined,
      agent: undefined,
      timeoutMs: ANSWER_MAX_MS,
      signal: gone.signal,
      clock,
    });
    if (result.kind === "answer") return relayAnswer(result.response, response);
    answerLocally(response, 503, "upstream connect error or disconnect/reset before headers");
  };
  const upgrade = (request: IncomingMessage, client: Socket, head: Buffer): void => {
    if (admit(request).kind !== "allowed") return void client.destroy();
    const upstream = track(open, connect({ ...member.inside, allowHalfOpen: true }));
    repeatHead(request, head, upstream);
    join(client, upstream);
  };

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    track(open, socket).setNoDelay(true);
    void serve(socket, undefined);
  });
  const listener: InboundListener = {
    at: await listen(server, member.address),
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
  return listener;
}

function withPeers(credentials: PeerCredentials) {
  return {
    ...credentials,
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: [PEER_PROTOCOL],
    allowHalfOpen: true,
  };
}

/** A server takes a connection that was looked into as if it had just come. */
export function hand(
  server: { emit(event: "connection", socket: Socket): boolean },
  socket: Socket,
): void {
  server.emit("connection", socket);
  socket.resume();
}

export function header({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** As Istio's canonical name has it. */
export function serviceOf({ metadata }: Pod): string {
  const labels = metadata.labels ?? {};
  const name = labels["app.kubernetes.io/name"] ?? labels["app"] ?? metadata.name;
  return `${name}.${metadata.namespace}`;
}

function track<T extends Socket>(open: Set<Socket>, socket: T): T {
  open.add(socket);
  socket.once("close", () => open.delete(socket));
  socket.on("error", () => socket.destroy());
  return socket;
}

/** Any port of the pod's address that is free. */
export function listen(server: ReturnType<typeof createServer>, host: string): Promise<HostPort> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, () => {
      // A listening TCP server has an AddressInfo; only pipes have a string.
      const { port } = server.address() as AddressInfo;
      resolve({ host, port });
    });
  });
}

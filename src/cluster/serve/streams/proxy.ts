// `proxy` of pods and Services: an HTTP request handed on to a port of a pod, its answer handed back, and connections that go on
// in another protocol joined. Links in pages are not rewritten. Mirrors k8s.io/apimachinery pkg/util/proxy/upgradeaware.go.

import { request as ask } from "node:http";
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";

import { statusError } from "../../../kubernetes/index.ts";
import { invariant } from "../../../core/index.ts";
import type { AnswerHeaders, Exchange } from "../exchange.ts";
import type { ResourceRequest } from "../server-context.ts";
import { admitConnection } from "./admit-connection.ts";
import { proxyTarget } from "./proxy-target.ts";
import type { ProxyTarget } from "./proxy-target.ts";
import { notImplemented, refuseSimulated } from "./refuse-simulated.ts";

/** Resolves when the answer has been handed on. */
export async function serveProxy(request: ResourceRequest): Promise<void> {
  const { resource, exchange } = request;
  const { facts } = resource;
  if (facts.resource === "nodes")
    throw notImplemented("nodes/proxy is not served by the embedded cluster");
  const target = proxyTarget(request);
  const rest = restOf(exchange.path);
  await admitConnection(request, `${facts.kind}ProxyOptions`, { path: rest });
  refuseSimulated(request, target.pod);
  if (rest === "" && (exchange.method === "GET" || exchange.method === "HEAD"))
    return redirect(exchange);
  const body = await exchange.readBody();
  const connection = await connect(request, target);
  const outgoing = ask({
    createConnection: () => connection,
    method: exchange.method,
    path: `${rest === "" ? "/" : rest}${searchOf(exchange)}`,
    headers: forwarded(exchange, target, body),
  });
  outgoing.end(body);
  await handBack(exchange, outgoing);
}

/** Behind `/proxy`, with the slash. */
function restOf(path: string): string {
  const at = path.indexOf("/proxy", path.indexOf("/namespaces/"));
  return path.slice(at + "/proxy".length);
}

function searchOf({ query }: Exchange): string {
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function redirect(exchange: Exchange): void {
  exchange.answer(301, { location: `${exchange.path}/${searchOf(exchange)}` }, "");
}

async function connect({ server }: ResourceRequest, { pod, port }: ProxyTarget): Promise<Duplex> {
  const { nodeAgent } = server.api;
  invariant(nodeAgent.connect !== undefined, "an agent that runs pods connects to them");
  try {
    return await nodeAgent.connect(pod, port);
  } catch (error) {
    throw unreachable(error);
  }
}

function unreachable(error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return statusError("ServiceUnavailable", `error trying to reach service: ${why}`, {});
}

/** About one connection only (RFC 9110 section 7.6.1), or about the client and this server. */
const KEPT_HERE =
  /^(:.*|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|authorization|impersonate-.*)$/;

function forwarded(
  exchange: Exchange,
  { pod, port }: ProxyTarget,
  body: Buffer,
): OutgoingHttpHeaders {
  const own = [...exchange.headers()]
    .filter(([name]) => !KEPT_HERE.test(name))
    .map(([name, values]) => [name, [...values]] as const);
  const upgrade = exchange.upgrade?.protocol;
  return {
    ...Object.fromEntries(own),
    host: `${pod.metadata.name}:${port}`,
    "x-forwarded-host": exchange.header("host") ?? exchange.header(":authority") ?? "",
    "x-forwarded-proto": "https",
    "x-forwarded-uri": exchange.path,
    connection: upgrade === undefined ? "close" : "Upgrade",
    ...(upgrade === undefined ? {} : { upgrade }),
    ...(body.length === 0 ? {} : { "content-length": String(body.length) }),
  };
}

function handBack(exchange: Exchange, outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.once("error", (error) => reject(unreachable(error)));
    outgoing.once("response", (incoming) => {
      copyAnswer(exchange, incoming).then(resolve, resolve);
    });
    outgoing.once("upgrade", (incoming, connection, head) => {
      join(exchange, incoming, connection, head);
      connection.once("close", () => resolve());
    });
  });
}

async function copyAnswer(exchange: Exchange, incoming: IncomingMessage): Promise<void> {
  const stream = exchange.stream(incoming.statusCode ?? 502, answerHeaders(incoming));
  stream.onClose(() => incoming.destroy());
  try {
    for await (const chunk of incoming) {
      stream.write(chunk as Buffer);
      await stream.drained();
    }
  } finally {
    stream.end();
  }
}

const OF_THE_CONNECTION = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;

function answerHeaders({ headersDistinct }: IncomingMessage): AnswerHeaders {
  const lists = Object.entries(headersDistinct).flatMap(([name, values]) =>
    values === undefined || OF_THE_CONNECTION.test(name) ? [] : [[name, values] as const],
  );
  return Object.fromEntries(
    lists.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}

function join(
  { upgrade }: Exchange,
  { rawHeaders, statusCode = 101, statusMessage = "" }: IncomingMessage,
  connection: Duplex,
  head: Buffer,
): void {
  if (upgrade === undefined) {
    connection.destroy();
    return;
  }
  const { socket, head: begun } = upgrade.take();
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  socket.write(head);
  connection.write(begun);
  for (const one of [socket, connection]) one.on("error", () => undefined);
  socket.once("close", () => connection.destroy());
  connection.once("close", () => socket.destroy());
  socket.pipe(connection);
  connection.pipe(socket);
}

// A request from its first line to its span: read, routed, delayed or refused, forwarded or answered, and recorded.

import type { Agent, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import type { Clock, InstantMs } from "../../core/index.ts";
import { nameOf } from "./pod-name.ts";
import { forwardRequest, type ForwardOutcome, type Forwarding } from "./forward-request.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { bytesOf, hasBody } from "./request-body.ts";
import { sendMirrors } from "./mirror-request.ts";
import { readRequest, type HostAlias, type RequestFacts } from "./request-facts.ts";
import { startTrace, type OnSpan, type RequestSpan, type TraceContext } from "./request-span.ts";
import { routeRequest, type RoutedTo, type Routing } from "./route-request.ts";
import { ingressRefusal, simulatedAnswer, type Answer } from "./simulated-answer.ts";
import type { AskedPod } from "./endpoint-choice.ts";

export interface HandlerOptions extends Routing {
  readonly agent: Agent;
  readonly clock: Clock;
  readonly aliases: readonly HostAlias[];
  readonly onSpan?: OnSpan;
}

export interface RequestHandler {
  /** `waits`: the client sends its body when it is told to continue. */
  request(
    request: IncomingMessage,
    response: ServerResponse,
    how: { readonly tls: boolean; readonly waits?: boolean },
  ): void;
  upgrade(
    request: IncomingMessage,
    client: Duplex,
    head: Buffer,
    how: { readonly tls: boolean },
  ): void;
}

/** A client that stops sending in the middle of its body (client_body_timeout of nginx). */
const CLIENT_SILENCE_MAX_MS = 60_000;

export function createRequestHandler(options: HandlerOptions): RequestHandler {
  return {
    request(request, response, { tls, waits = false }) {
      const facts = readRequest(request, tls, options.aliases);
      if (facts === undefined) return send(response, ingressRefusal(400, "no host, or no path"));
      void handle(facts, { request, response, waits, options });
    },
    upgrade(request, client, head, { tls }) {
      client.on("error", () => client.destroy());
      const facts = readRequest(request, tls, options.aliases);
      if (facts === undefined) return void client.destroy();
      void handleUpgrade(facts, { request, client, head, options });
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly waits: boolean;
  readonly options: HandlerOptions;
}

type Recorded = Partial<
  Pick<RequestSpan, "route" | "service" | "pod" | "simulated" | "resendCount">
>;

async function handle(facts: RequestFacts, exchange: Exchange): Promise<void> {
  const { response, options } = exchange;
  const startMs = options.clock.now();
  const trace = startTrace(facts.headers["traceparent"], options.rng);
  const record: { value: Recorded } = { value: {} };
  response.once("close", () => {
    const status = response.headersSent ? response.statusCode : 0;
    options.onSpan?.(
      spanOf(facts, trace, { startMs, endMs: options.clock.now(), status }, record.value),
    );
  });
  const routed = routeRequest(facts, options);
  if (routed.kind === "redirect")
    return send(response, {
      status: routed.status,
      headers: { location: routed.location },
      body: "",
    });
  if (routed.kind === "refused") {
    record.value = routed.route === undefined ? {} : { route: routed.route };
    return send(response, ingressRefusal(routed.status, routed.reason));
  }
  record.value = { route: routed.route, service: routed.service };
  if (routed.delayMs > 0) await options.clock.sleep(routed.delayMs);
  record.value = { ...record.value, ...(await answer(facts, trace, routed, exchange)) };
}

/** Asks the pods; what is told afterwards belongs to the span. */
async function answer(
  facts: RequestFacts,
  trace: TraceContext,
  routed: Extract<RoutedTo, { kind: "pods" }>,
  { request, response, waits, options }: Exchange,
): Promise<Recorded> {
  const { handling, pods, route } = routed;
  if (Number(facts.headers["content-length"] ?? 0) > (handling.bodySizeMax ?? Infinity)) {
    send(response, ingressRefusal(413, "the request's body is too large"));
    return {};
  }
  if (waits) response.writeContinue();
  const { clock, agent } = options;
  const ended = new AbortController();
  const timer =
    handling.timeoutMs === undefined
      ? undefined
      : clock.setTimer(handling.timeoutMs, () => {
          if (response.headersSent) response.destroy();
          else send(response, ingressRefusal(504, "no answer in time"));
          ended.abort();
        });
  response.once("close", () => {
    timer?.cancel();
    if (!response.writableFinished) ended.abort();
  });
  if (hasBody(request)) watchClient(request, response);
  const forwarding: Forwarding = {
    request,
    response,
    facts,
    handling,
    trace,
    agent,
    clock,
    signal: ended.signal,
  };
  sendMirrors(routed.mirrors, forwarding);
  // Rejects only when the client breaks off while its body is read.
  const outcome = await forwardRequest(pods, forwarding).catch(() => undefined);
  if (outcome === undefined) return {};
  if (outcome.kind === "refused") {
    if (!response.headersSent && !response.destroyed)
      send(response, ingressRefusal(outcome.status, outcome.reason));
    return { resendCount: outcome.asked };
  }
  if (outcome.kind === "simulated") {
    const said = await podAnswer(outcome, facts).catch(() => undefined);
    if (!response.destroyed)
      send(response, said ?? simulatedAnswer(outcome.pod.pod, { ...facts, route }));
  }
  return { ...podFacts(outcome.pod), resendCount: outcome.asked };
}

/** What the first one has to say whom this pod concerns. */
async function podAnswer(
  { pod: { pod, answers = [] }, body }: Extract<ForwardOutcome, { kind: "simulated" }>,
  { path, method, headers }: RequestFacts,
): Promise<Answer | undefined> {
  if (answers.length === 0) return undefined;
  const request = { pod, path, method, headers, body: await bytesOf(body) };
  for (const answerFor of answers) {
    const said = await answerFor(request);
    if (said !== undefined) return said;
  }
  return undefined;
}

function watchClient(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  const silent = (): void => void request.destroy();
  socket.setTimeout(CLIENT_SILENCE_MAX_MS, silent);
  request.once("end", () => {
    socket.off("timeout", silent);
    if (!response.writableEnded) socket.setTimeout(0);
  });
}

async function handleUpgrade(
  facts: RequestFacts,
  exchange: {
    readonly request: IncomingMessage;
    readonly client: Duplex;
    readonly head: Buffer;
    readonly options: HandlerOptions;
  },
): Promise<void> {
  const { client, options } = exchange;
  const startMs = options.clock.now();
  const trace = startTrace(facts.headers["traceparent"], options.rng);
  const routed = routeRequest(facts, options);
  let recorded: Recorded =
    routed.kind === "redirect" || routed.route === undefined ? {} : { route: routed.route };
  let status = statusOf(routed);
  if (routed.kind === "pods") {
    recorded = { ...recorded, service: routed.service };
    for (const [index, pod] of routed.pods.entries()) {
      const { at } = pod;
      const given =
        at && (await forwardUpgrade(at, { ...exchange, facts, handling: routed.handling, trace }));
      if (given === undefined) continue;
      status = given;
      recorded = { ...recorded, ...podFacts(pod), resendCount: index };
      break;
    }
  }
  const isAnswered = recorded.pod !== undefined;
  if (!isAnswered) refuseUpgrade(client, status, routed);
  options.onSpan?.(spanOf(facts, trace, { startMs, endMs: options.clock.now(), status }, recorded));
}

/** Simulated pods speak HTTP only, and a pod that refuses is as good as none. */
const statusOf = (routed: RoutedTo): number => (routed.kind === "pods" ? 502 : routed.status);

function refuseUpgrade(client: Duplex, status: number, routed: RoutedTo): void {
  const location = routed.kind === "redirect" ? `Location: ${routed.location}\r\n` : "";
  client.end(`HTTP/1.1 ${status} \r\n${location}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

function podFacts({ pod, at }: AskedPod): Pick<Recorded, "pod" | "simulated"> {
  return { pod: nameOf(pod), simulated: at === undefined };
}

function spanOf(
  { method, scheme, host, path, clientAddress }: RequestFacts,
  trace: TraceContext,
  result: { readonly startMs: InstantMs; readonly endMs: InstantMs; readonly status: number },
  recorded: Recorded,
): RequestSpan {
  const name = recorded.route === undefined ? method : `${method} ${recorded.route}`;
  const request = { name, method, scheme, host, path, clientAddress };
  return { ...trace, ...request, ...result, resendCount: 0, ...recorded };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

// One request to the pods of a Service: one endpoint after the other until one answers, then its answer as it comes. An
// endpoint that refuses costs nothing; what was sent already is sent again only where the method allows it.

import type { Agent, IncomingMessage, ServerResponse } from "node:http";

import type { Clock } from "../../core/index.ts";
import type { RequestHandling } from "../../model/index.ts";
import { askEndpoint, type AttemptResult } from "./ask-endpoint.ts";
import type { AskedPod } from "./endpoint-choice.ts";
import { changeHeaders, endToEnd, withForwarded } from "./header-fields.ts";
import { framing, pairs, takeBody, type RequestBody } from "./request-body.ts";
import type { RequestFacts } from "./request-facts.ts";
import { formatTraceparent, type TraceContext } from "./request-span.ts";

export interface Forwarding {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly facts: RequestFacts;
  readonly handling: RequestHandling;
  readonly trace: TraceContext;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Answered, or the status and reason of the refusal that the caller has to write. */
export type ForwardOutcome =
  | { readonly kind: "answered"; readonly pod: AskedPod; readonly asked: number }
  /** This pod has no process: it answers for itself. */
  | {
      readonly kind: "simulated";
      readonly pod: AskedPod;
      readonly body: RequestBody;
      readonly asked: number;
    }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly reason: string;
      readonly asked: number;
    };

/** proxy_read_timeout of nginx: how long an endpoint may say nothing. */
const SILENCE_MAX_MS = 60_000;
/** RFC 9110 section 9.2.2. */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

export async function forwardRequest(
  pods: readonly AskedPod[],
  forwarding: Forwarding,
): Promise<ForwardOutcome> {
  const { request, handling, facts } = forwarding;
  const body = await takeBody(request);
  const mayRepeat = IDEMPOTENT.has(facts.method) && body.kind !== "stream";
  const attemptsMax = handling.retry?.attempts ?? pods.length;
  let last: AttemptResult | undefined;
  let asked = 0;
  for (const [index, pod] of pods.entries()) {
    if (pod.at === undefined) return { kind: "simulated", pod, body, asked: index };
    asked = index;
    const result = await askPod(pod, body, mayRepeat, forwarding);
    last = result;
    const isLast = index === pods.length - 1 || index + 1 >= attemptsMax;
    if (result.kind === "refused") continue;
    if (result.kind === "answer") {
      if (!isLast && mayRepeat && wantsAnother(result.response, handling)) {
        result.response.resume();
        continue;
      }
      relay(result.response, forwarding);
      return { kind: "answered", pod, asked: index };
    }
    const ends = result.kind === "aborted" || result.kind === "too-large";
    if (isLast || ends || !mayRepeat) break;
  }
  return { ...refusalOf(last), asked };
}

function wantsAnother({ statusCode }: IncomingMessage, { retry }: RequestHandling): boolean {
  return retry?.statusCodes.includes(statusCode ?? 0) === true;
}

/** A kept connection may have been closed by its endpoint at that moment: the same endpoint is asked once more, freshly. */
async function askPod(
  { at }: AskedPod,
  body: RequestBody,
  mayRepeat: boolean,
  forwarding: Forwarding,
): Promise<AttemptResult> {
  if (at === undefined) return { kind: "refused" };
  const { facts, handling, agent, clock, signal } = forwarding;
  const attempt = {
    at,
    method: facts.method,
    path: targetOf(forwarding),
    headers: headersOf(body, forwarding),
    body,
    bodySizeMax: handling.bodySizeMax,
    timeoutMs: handling.attemptTimeoutMs ?? SILENCE_MAX_MS,
    clock,
    signal,
  };
  // What cannot be sent twice goes over a connection that nobody can have closed meanwhile.
  const first = await askEndpoint({ ...attempt, agent: mayRepeat ? agent : undefined });
  const again = first.kind === "failed" && first.onKeptConnection && mayRepeat;
  return again ? askEndpoint({ ...attempt, agent: undefined }) : first;
}

function targetOf({ facts, handling }: Forwarding): string {
  const path = handling.rewrite?.path;
  if (path === undefined) return facts.target;
  return facts.query === "" || path.includes("?") ? path : `${path}?${facts.query}`;
}

function headersOf(body: RequestBody, { request, facts, handling, trace }: Forwarding): string[] {
  const own = ["host", "content-length", "expect", "traceparent"];
  const forwarded = withForwarded(endToEnd(request.rawHeaders, own), {
    ...facts,
    host: facts.hostField,
    forwardedFor: handling.forwardedFor ?? "append",
  });
  const takesTrailers = /(^|,)\s*trailers\s*(,|$)/i.test(facts.headers["te"] ?? "");
  return [
    "Host",
    handling.rewrite?.host ?? facts.hostField,
    ...changeHeaders(forwarded, handling.requestHeaders),
    ...(takesTrailers ? ["TE", "trailers"] : []),
    "Traceparent",
    formatTraceparent(trace),
    ...framing(body, request),
  ];
}

/** Streams the answer; an endpoint that breaks off breaks the client's answer off too, so that it cannot look complete. */
function relay(answer: IncomingMessage, { response, request, handling, clock }: Forwarding): void {
  const headers = changeHeaders(endToEnd(answer.rawHeaders), handling.responseHeaders);
  response.sendDate = answer.headers.date === undefined;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
  // With the first bytes where these are there already; else now, so that events and long polls are seen when they begin.
  clock.defer(() => response.destroyed || response.flushHeaders());
  const { socket } = answer;
  const silent = (): void => void answer.destroy();
  socket.setTimeout(SILENCE_MAX_MS, silent);
  answer.once("end", () => {
    // The connection may be another request's by now, with a time of its own.
    socket.off("timeout", silent);
    if (answer.rawTrailers.length > 0) response.addTrailers(pairs(answer.rawTrailers));
    response.end();
  });
  answer.once("close", () => answer.complete || response.destroy());
  answer.on("error", () => response.destroy());
  // A client that still sends what nobody reads any more.
  answer.once("end", () => request.resume());
  answer.pipe(response, { end: false });
}

function refusalOf(last: AttemptResult | undefined): {
  readonly kind: "refused";
  readonly status: number;
  readonly reason: string;
} {
  if (last?.kind === "timeout") return refuse(504, "no endpoint answered in time");
  if (last?.kind === "too-large") return refuse(413, "the request's body is too large");
  return refuse(502, "no endpoint took the request");
}

const refuse = (
  status: number,
  reason: string,
): { readonly kind: "refused"; readonly status: number; readonly reason: string } => ({
  kind: "refused",
  status,
  reason,
});

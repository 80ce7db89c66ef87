// Probes and hooks by HTTP and TCP. Mirrors k8s.io/kubernetes pkg/probe/http and pkg/probe/tcp: 200 to 399 is well, a redirect to
// another host is not followed and is well, certificates are not looked at.

import { request as requestHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { connect } from "node:net";

import type { Clock } from "../../../../core/index.ts";
import type { HttpGetAction } from "../../../../kubernetes/index.ts";
import { connectionMessage, failure, SUCCESS, withTimeout } from "./probe-result.ts";
import type { ProbeResult } from "./probe-result.ts";

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const REDIRECTS_MAX = 10;

export async function probeHttp(action: HttpGetAction, target: ProbeTarget): Promise<ProbeResult> {
  const scheme = (action.scheme ?? "HTTP").toLowerCase();
  const path = action.path?.startsWith("/") === false ? `/${action.path}` : (action.path ?? "/");
  let url = new URL(`${scheme}://${target.host}:${target.port}${path}`);
  for (let count = 0; count < REDIRECTS_MAX; count += 1) {
    const answer = await get(url, action, target);
    if (typeof answer !== "number" && "outcome" in answer) return answer;
    const { status, location } = answer;
    if (status >= 300 && status < 400 && location !== undefined) {
      const next = new URL(location, url);
      if (next.hostname !== url.hostname) return SUCCESS;
      url = next;
      continue;
    }
    if (status >= 200 && status < 400) return SUCCESS;
    return failure(`HTTP probe failed with statuscode: ${status}`);
  }
  return failure(`Get "${url.href}": stopped after 10 redirects`);
}

type Answer = { readonly status: number; readonly location: string | undefined } | ProbeResult;

function get(
  url: URL,
  { httpHeaders = [] }: HttpGetAction,
  { timeoutMs, clock }: ProbeTarget,
): Promise<Answer> {
  const headers: Record<string, string> = { "User-Agent": "kube-probe/1.36", Accept: "*/*" };
  for (const { name, value } of httpHeaders) headers[name] = value;
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const request = send(url, { headers, agent: false, rejectUnauthorized: false });
  const answered = new Promise<Answer>((resolve) => {
    request.once("response", (response: IncomingMessage) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, location: response.headers.location });
    });
    request.once("error", (error) => {
      const why = connectionMessage(error, url.host);
      resolve(failure(`Get "${url.href}": ${why}`));
    });
  });
  request.end();
  return withTimeout<Answer>(clock, timeoutMs, answered, () =>
    failure(
      `Get "${url.href}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    ),
  ).finally(() => request.destroy());
}

export function probeTcp({ host, port, timeoutMs, clock }: ProbeTarget): Promise<ProbeResult> {
  const socket = connect({ host, port });
  const connected = new Promise<ProbeResult>((resolve) => {
    socket.once("connect", () => resolve(SUCCESS));
    socket.once("error", (error) => resolve(failure(connectionMessage(error, `${host}:${port}`))));
  });
  return withTimeout(clock, timeoutMs, connected, () =>
    failure(`dial tcp ${host}:${port}: i/o timeout`),
  ).finally(() => socket.destroy());
}

// One call of a webhook: where to, and what came of it. How bytes travel is injected; without a way every call fails as an unreachable
// server does.

import type { KubernetesObject, LiveObjects } from "../../../kubernetes/index.ts";
import { serviceHost, type ReachPod } from "./webhook-service.ts";

export interface WebhookRequest {
  readonly url: string;
  /** PEM; absent: the certificates the machine trusts. */
  readonly caBundle?: string;
  /** The name the server's certificate has to bear, when the URL names another host. */
  readonly serverName?: string;
  readonly body: string;
  readonly timeoutMs: number;
}

export interface WebhookResponse {
  readonly status: number;
  readonly body: string;
}

/** Rejects with an `Error` whose message says what Go's client would: `dial tcp …: connect: connection refused`. */
export type WebhookTransport = (request: WebhookRequest) => Promise<WebhookResponse>;

export interface WebhookNetwork {
  readonly transport?: WebhookTransport;
  /** Where pods that run as processes are. */
  readonly reach?: ReachPod;
}

export interface Webhook {
  readonly name: string;
  readonly clientConfig: {
    readonly url?: string;
    readonly caBundle?: string;
    readonly service?: {
      readonly namespace: string;
      readonly name: string;
      readonly path?: string;
      readonly port?: number;
    };
  };
  readonly timeoutSeconds?: number;
  readonly failurePolicy?: string;
  readonly sideEffects?: string;
  readonly admissionReviewVersions?: readonly string[];
  readonly reinvocationPolicy?: string;
}

/** The call did not come about; the failure policy decides what follows. */
export class CallError extends Error {
  override readonly name = "CallError";
}

export async function callWebhook(
  { transport, reach, live }: WebhookNetwork & { readonly live: LiveObjects },
  { clientConfig, timeoutSeconds = 10 }: Webhook,
  review: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { url, serverName, shown, fault } = addressOf(clientConfig, live, reach);
  const caBundle = clientConfig.caBundle === undefined ? undefined : atob(clientConfig.caBundle);
  const asked = `${shown}?timeout=${timeoutSeconds}s`;
  const failed = (why: string): CallError =>
    new CallError(`failed to call webhook: Post ${JSON.stringify(asked)}: ${why}`);
  if (fault !== undefined) throw failed(fault);
  if (transport === undefined) throw failed("this cluster has no network");
  let response: WebhookResponse;
  try {
    response = await transport({
      url: `${url}?timeout=${timeoutSeconds}s`,
      body: JSON.stringify(review),
      timeoutMs: timeoutSeconds * 1000,
      ...(caBundle === undefined ? {} : { caBundle }),
      ...(serverName === undefined ? {} : { serverName }),
    });
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
  return readBody(response);
}

interface Address {
  readonly url: string;
  readonly serverName?: string;
  readonly shown: string;
  readonly fault?: string;
}

function addressOf(
  { url = "", service }: Webhook["clientConfig"],
  live: LiveObjects,
  reach: ReachPod | undefined,
): Address {
  if (service === undefined) return { url, shown: url };
  const { namespace, name, path = "", port = 443 } = service;
  const serverName = `${name}.${namespace}.svc`;
  const rest = path === "" || path.startsWith("/") ? path : `/${path}`;
  const shown = `https://${serverName}:${port}${rest}`;
  const found = serviceHost({ namespace, name, port }, live, reach);
  if ("fault" in found) return { url: "", shown, fault: found.fault };
  return { url: `https://${found.host}${rest}`, serverName, shown };
}

function readBody({ status, body }: WebhookResponse): unknown {
  if (status === 404) {
    throw new CallError("failed to call webhook: the server could not find the requested resource");
  }
  if (status < 200 || status > 299) {
    throw new CallError(
      `failed to call webhook: an error on the server (${JSON.stringify(body.trim().slice(0, 200))}) has prevented the request from succeeding`,
    );
  }
  try {
    return JSON.parse(body);
  } catch {
    throw new CallError(
      "failed to call webhook: couldn't get version/kind; json parse error: invalid character looking for beginning of value",
    );
  }
}

export function webhooksOf(configuration: KubernetesObject): readonly unknown[] {
  const { webhooks } = configuration;
  return Array.isArray(webhooks) ? webhooks : [];
}

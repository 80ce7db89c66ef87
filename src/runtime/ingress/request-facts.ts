// What a request says about itself, read once: where it wants to go, who sent it, and whether it has a body.

import type { IncomingMessage } from "node:http";

import type { RoutedRequest } from "../../model/index.ts";

/** Names that stand for others, for example `.localhost` for the platform's domain. */
export interface HostAlias {
  /** Begins with a dot. */
  readonly suffix: string;
  readonly standsFor: string;
}

export interface RequestFacts extends RoutedRequest {
  readonly query: string;
  /** As the client wrote it, with port; what endpoints see. */
  readonly hostField: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly clientAddress: string;
  readonly scheme: "http" | "https";
  /** The port the client knocked at. */
  readonly port: number;
}

/** Undefined: no request that can be routed, e.g. without a host. */
export function readRequest(
  request: IncomingMessage,
  tls: boolean,
  aliases: readonly HostAlias[],
): RequestFacts | undefined {
  const target = targetOf(request);
  const hostField = target?.host ?? request.headers.host;
  if (target === undefined || hostField === undefined || !HOST_FIELD.test(hostField))
    return undefined;
  const [, bare = "", port] = HOST_FIELD.exec(hostField) ?? [];
  const { socket } = request;
  return {
    host: standing(bare.toLowerCase().replace(/\.$/, ""), aliases),
    hostField,
    path: target.path,
    query: target.query,
    target: target.path === "*" ? "*" : target.original,
    method: request.method ?? "GET",
    headers: joined(request),
    tls,
    scheme: tls ? "https" : "http",
    clientAddress: (socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
    port: port === undefined ? (tls ? 443 : 80) : Number(port),
  };
}

const HOST_FIELD = /^([a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;

/** Dots are resolved for matching, so that `/public/../admin` is matched as what it means; endpoints get what came. */
function targetOf({ url = "/", method }: IncomingMessage):
  | {
      readonly path: string;
      readonly query: string;
      readonly original: string;
      readonly host?: string;
    }
  | undefined {
  if (method === "OPTIONS" && url === "*") return { path: "*", query: "", original: url };
  const absolute = /^https?:\/\//i.test(url);
  if (!absolute && !url.startsWith("/")) return undefined;
  try {
    const { pathname, search, host } = new URL(absolute ? url : `http://ingress${url}`);
    const original = absolute ? pathname + search : url;
    const query = search.replace(/^\?/, "");
    return { path: pathname, query, original, ...(absolute ? { host } : {}) };
  } catch {
    return undefined;
  }
}

function joined({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : (value ?? ""),
    ]),
  );
}

function standing(host: string, aliases: readonly HostAlias[]): string {
  const alias = aliases.find(({ suffix }) => host.endsWith(suffix));
  return alias === undefined ? host : host.slice(0, -alias.suffix.length) + alias.standsFor;
}

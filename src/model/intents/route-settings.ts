// How a name from outside is read: where it answers, and what happens to requests on the way in.

import { parseDuration, parseQuantity, type Diagnostic, type Path } from "../../core/index.ts";
import type { PlannedCallback, RouteTraffic } from "../contracts/route-traffic.ts";
import { contradiction } from "../diagnostics.ts";
import { oneOf } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { integer, port } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { record, type KeyRule } from "../schema/record.ts";
import { refine } from "../schema/refine.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import type { Callback, Route, RouteRateLimit, RouteRetries } from "./app.ts";

export interface RouteSettings {
  readonly host: string;
  readonly port: number;
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly redirects: Readonly<Record<string, string>>;
  readonly rateLimit?: RouteRateLimit;
  readonly timeout?: string;
  readonly retries?: { readonly max: number; readonly on: readonly number[] };
  readonly bodySize?: string;
  readonly upstream: "plain" | "tls" | "mtls";
  readonly allowFrom: readonly string[];
  readonly callbacks: Readonly<Record<string, CallbackSettings>>;
}

export interface CallbackSettings {
  readonly path: string;
  readonly from: readonly string[];
  readonly rateLimit?: RouteRateLimit;
  readonly bodySize?: string;
}

/** nginx counts no finer than this, and one request a period cannot be told from its first burst everywhere. */
const REQUESTS_MIN = 2;
const REQUESTS_MAX = 1_000_000;
const RETRIES_MAX = 10;

const PATH_KEYS: KeyRule = {
  expected: 'a path such as "/old"',
  isValid: (text) => /^\/[^\s?#]*$/.test(text),
  pattern: "^/[^\\s?#]*$",
  suggest: (text) => `/${text.replace(/^\/+/, "").replace(/[\s?#].*$/, "")}`,
};
/** RFC 9110: a field name is a token. */
const HEADER_KEYS: KeyRule = {
  expected: 'the name of a header such as "x-canary"',
  isValid: (text) => /^[-!#$%&'*+.^_`|~0-9A-Za-z]{1,256}$/.test(text),
  pattern: "^[-!#$%&'*+.^_`|~0-9A-Za-z]{1,256}$",
  suggest: (text) => text.trim().replace(/[^-A-Za-z0-9]+/g, "-"),
};

const rateLimitSchema = object<RouteRateLimit>({
  requests: integer({ min: REQUESTS_MIN, max: REQUESTS_MAX }),
  per: oneOf(["second", "minute"]),
});

const retriesSchema = object<RouteRetries, { max: number; on: readonly number[] }>({
  max: optional(integer({ min: 1, max: RETRIES_MAX }), 2),
  on: optional(list(integer({ min: 500, max: 599 }), { min: 1 }), [502, 503, 504]),
});

const callbackSchema = object<Callback, CallbackSettings>({
  path: string("urlPath"),
  from: optional(list(string("cidr")), []),
  rateLimit: optional(rateLimitSchema),
  bodySize: optional(string("quantity")),
});

export const routeSchema: Schema<Route, RouteSettings> = refine(
  object<Route, RouteSettings>({
    host: string("hostPrefix"),
    port: optional(port(), 8080),
    paths: optional(list(string("urlPath"), { min: 1 }), ["/"]),
    headers: optional(record(string("text"), HEADER_KEYS), {}),
    redirects: optional(record(string("text"), PATH_KEYS), {}),
    rateLimit: optional(rateLimitSchema),
    timeout: optional(string("duration")),
    retries: optional(retriesSchema),
    bodySize: optional(string("quantity")),
    upstream: optional(oneOf(["plain", "tls", "mtls"]), "plain"),
    allowFrom: optional(list(string("cidr")), []),
    callbacks: optional(record(callbackSchema), {}),
  }),
  checkRedirects,
);

/** A path of the same host, or a whole URL. */
function checkRedirects({ redirects }: RouteSettings, path: Path): Diagnostic[] {
  return Object.entries(redirects).flatMap(([from, to]) => {
    const at = [...path, "redirects", from];
    if (to === from) {
      return [contradiction(at, { message: `${from} leads to itself`, hint: "name another path" })];
    }
    if (/^\/[^\s?#]*$/.test(to) || /^https?:\/\/[^\s?#]+$/.test(to)) return [];
    const message = `${JSON.stringify(to)} is neither a path nor a URL`;
    return [contradiction(at, { message, hint: 'write "/new" or "https://example.com/new"' })];
  });
}

/** What the ingress has to do beside passing requests on. */
export function trafficOf(settings: RouteSettings): RouteTraffic {
  const { headers, redirects, rateLimit, timeout, retries, allowFrom } = settings;
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  return {
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(Object.keys(redirects).length === 0 ? {} : { redirects }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(retries === undefined ? {} : { retries }),
    ...bodySizeOf(settings),
    ...upstreamOf(settings),
    ...(allowFrom.length === 0 ? {} : { allowFrom: allowFrom.toSorted() }),
  };
}

/** Callbacks reach the same pods. */
export function callbacksOf({ callbacks, upstream }: RouteSettings): PlannedCallback[] {
  return Object.entries(callbacks)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { path, from, rateLimit, ...settings }]) => ({
      name,
      path,
      traffic: {
        ...(rateLimit === undefined ? {} : { rateLimit }),
        ...bodySizeOf(settings),
        ...upstreamOf({ upstream }),
        ...(from.length === 0 ? {} : { allowFrom: from.toSorted() }),
      },
    }));
}

function upstreamOf({ upstream }: Pick<RouteSettings, "upstream">): Pick<RouteTraffic, "upstream"> {
  return upstream === "plain" ? {} : { upstream };
}

function bodySizeOf({ bodySize }: { readonly bodySize?: string }): { bodySizeMax?: number } {
  const nanos = bodySize === undefined ? undefined : parseQuantity(bodySize)?.nanos;
  return nanos === undefined ? {} : { bodySizeMax: Number(nanos / 1_000_000_000n) };
}

// The way of every request: who asks, whether they may, what about, in which form; then the part that answers.

import { randomUUID } from "node:crypto";

import { negotiate, parseAccept, PLAIN_JSON } from "./accept.ts";
import type { Representation } from "./accept.ts";
import { addedApi, answerAdded } from "./aggregated-requests.ts";
import { auditExchange, type Audited } from "./audit-exchange.ts";
import { attributesOf, verbOf } from "./authorize.ts";
import { mediaType } from "./body.ts";
import type {
  AnswerHeaders,
  AnswerStream,
  Exchange,
  TakenConnection,
  Upgrade,
} from "./exchange.ts";
import { impersonate } from "./impersonate.ts";
import { handleNonResource, isPublic } from "./non-resource-requests.ts";
import { scopeOf } from "./metrics.ts";
import type { FinishedRequest } from "./metrics.ts";
import { methodNotAllowed, notServed } from "./not-served.ts";
import { APPLY_TYPE } from "./patch-request.ts";
import { isStream, parseResourcePath } from "./request-path.ts";
import type { ResourcePath } from "./request-path.ts";
import type { Place } from "./request-limits.ts";
import { handleResource } from "./resource-requests.ts";
import { answerError, answerJson, answerSlices, answerText, PAGE_NOT_FOUND } from "./respond.ts";
import type { ResourceRequest, ServerContext } from "./server-context.ts";
import { statusError } from "../../kubernetes/index.ts";
import type { UserInfo } from "../../kubernetes/index.ts";
import { authorize } from "../api/authorize.ts";
import { deprecationOf } from "../api/deprecations.ts";
import { untilDurable } from "../api/verbs/when-durable.ts";

const SWITCHING_PROTOCOLS = 101;

/** Writes wait for their own durability. */
const READS: ReadonlySet<string> = new Set(["get", "list"]);

/** A handler that answers every exchange, with a Status when something is wrong. */
export function createRequestHandler(server: ServerContext): (exchange: Exchange) => Promise<void> {
  return async (incoming) => {
    const startedMs = server.clock.now();
    const path = parseResourcePath(incoming.path);
    const audited =
      server.audit && auditExchange(incoming, server.audit, server.clock, () => randomUUID());
    const exchange = new ServerExchange(audited?.exchange ?? incoming, (code) => {
      const durationMs = server.clock.now() - startedMs;
      server.metrics.countRequest({ ...countedAs(incoming, path), code, durationMs });
    });
    const warnings: string[] = [];
    const { encoding } = negotiate(parseAccept(exchange.header("accept"))) ?? PLAIN_JSON;
    try {
      await route(server, exchange, path, warnings, audited);
    } catch (error) {
      answerError({ exchange, warnings, encoding }, error);
    }
  };
}

function countedAs(
  exchange: Exchange,
  path: ResourcePath | undefined,
): Omit<FinishedRequest, "code" | "durationMs"> {
  const dryRun = exchange.query.get("dryRun") ?? "";
  const { method: verb } = exchange;
  if (path === undefined) {
    const nowhere = { group: "", version: "", resource: "", subresource: "", scope: "" };
    return { ...nowhere, verb, dryRun };
  }
  const { group, version, resource, subresource } = path;
  const about = { group, version, resource, subresource };
  const scope = scopeOf(path, exchange.method === "POST");
  if (isStream(path)) return { ...about, scope, verb: "CONNECT", dryRun };
  const isApply = mediaType(exchange.header("content-type")) === APPLY_TYPE;
  const named = isApply ? "apply" : verbOf(exchange, path);
  return { ...about, scope, verb: named, dryRun };
}

async function route(
  server: ServerContext,
  exchange: Exchange,
  path: ResourcePath | undefined,
  warnings: string[],
  audited: Audited | undefined,
): Promise<void> {
  const isBare = exchange.header("authorization") === undefined;
  if (isBare && !server.anonymous && isPublic(exchange)) return handleNonResource(server, exchange);
  const user = identify(server, exchange);
  const attributes = attributesOf(exchange, path, user);
  audited?.asked(attributes);
  authorize(server.api.authorizer, attributes);
  if (path === undefined) return handleNonResource(server, exchange);
  await routeResource(server, exchange, path, user, warnings);
}

function identify({ authenticate, api }: ServerContext, exchange: Exchange): UserInfo {
  return impersonate(exchange, authenticate(exchange), api.authorizer);
}

async function routeResource(
  server: ServerContext,
  exchange: Exchange,
  path: ResourcePath,
  user: UserInfo,
  warnings: string[],
): Promise<void> {
  const resource = server.api.registry.byPath(path.group, path.version, path.resource);
  if (resource === undefined) {
    if (addedApi(server, path) === undefined) return refuseUnknown(server, exchange, path);
    return answerAdded(server, exchange, path, verbOf(exchange, path));
  }
  const isBare = exchange.method === "HEAD" || exchange.method === "OPTIONS";
  if (isBare && path.subresource !== "proxy") throw methodNotAllowed();
  const warn = (message: string): void => void warnings.push(message);
  const representation = readRepresentation(exchange, path);
  const { encoding } = representation;
  const deprecation = deprecationOf(resource);
  if (deprecation !== undefined) warn(deprecation);
  const verb = verbOf(exchange, path);
  const context = { exchange, warnings, encoding };
  /** Reads wait for what they have seen. */
  const durably = (answer: () => void): void => {
    const waiting = READS.has(verb) ? untilDurable(server.api) : undefined;
    if (waiting === undefined) return answer();
    waiting.then(answer, (error: unknown) => answerError(context, error));
  };
  const answers: Pick<ResourceRequest, "answer" | "answerSlices"> = {
    answer: (status, json) => durably(() => answerJson(context, status, json)),
    answerSlices: (status, json) => durably(() => answerSlices(context, status, json)),
  };
  const caller = { user, defaultManager: managerOf(exchange), warn };
  const request = { server, exchange, path, verb, resource, caller, representation };
  const leave = server.limits.enter(user, placeOf(verb, path));
  try {
    await handleResource({ ...request, ...answers });
  } finally {
    leave();
  }
}

/** A log may be followed for long. A watch takes a place of its own when its stream opens, which not every one asked for does. */
function placeOf(verb: string, path: ResourcePath): Place {
  if (path.subresource === "log") return "watch";
  if (isStream(path)) return "stream";
  return READS.has(verb) || verb === "watch" ? "read" : "write";
}

/** A group version nobody serves is no API at all; in the others the resource is missing. */
function refuseUnknown({ api }: ServerContext, exchange: Exchange, path: ResourcePath): void {
  const isBuiltin = api.registry
    .all()
    .some(({ facts }) => isIn(facts, path) && facts.custom === undefined);
  if (isBuiltin) throw notServed();
  answerText(exchange, 404, PAGE_NOT_FOUND);
}

function isIn(
  { group, version }: Pick<ResourcePath, "group" | "version">,
  path: Pick<ResourcePath, "group" | "version">,
): boolean {
  return group === path.group && version === path.version;
}

function readRepresentation(exchange: Exchange, path: ResourcePath): Representation {
  // Logs are text whatever the client says it takes, and pods answer what they please.
  if (path.subresource === "log" || isStream(path)) return PLAIN_JSON;
  const representation = negotiate(parseAccept(exchange.header("accept")));
  if (representation !== undefined) return representation;
  throw statusError(
    "NotAcceptable",
    "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, " +
      "application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch",
    {},
  );
}

/** The User-Agent up to its first slash, as the API server names field managers. */
function managerOf(exchange: Exchange): string {
  const [name = ""] = (exchange.header("user-agent") ?? "").split("/");
  return name === "" ? "unknown" : name.slice(0, 128);
}

/** Headers every answer has, and word of its status code. */
class ServerExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly #inner: Exchange;
  readonly #onStatus: (code: number) => void;

  constructor(inner: Exchange, onStatus: (code: number) => void) {
    this.method = inner.method;
    this.path = inner.path;
    this.#inner = inner;
    this.#onStatus = onStatus;
  }

  get query(): URLSearchParams {
    return this.#inner.query;
  }

  get connection(): object {
    return this.#inner.connection;
  }

  get clientCertificate(): Exchange["clientCertificate"] {
    return this.#inner.clientCertificate;
  }

  header(name: string): string | undefined {
    return this.#inner.header(name);
  }

  hasHeader(prefix: string): boolean {
    return this.#inner.hasHeader(prefix);
  }

  headers(): ReadonlyMap<string, readonly string[]> {
    return this.#inner.headers();
  }

  get upgrade(): Upgrade | undefined {
    const upgrade = this.#inner.upgrade;
    if (upgrade === undefined) return undefined;
    const take = (): TakenConnection => {
      this.#onStatus(SWITCHING_PROTOCOLS);
      return upgrade.take();
    };
    return { protocol: upgrade.protocol, take };
  }

  readBody(): Promise<Buffer> {
    return this.#inner.readBody();
  }

  answer(status: number, headers: AnswerHeaders, body: string | Buffer): void {
    this.#onStatus(status);
    this.#inner.answer(status, withCommon(headers), body);
  }

  answerSlices(status: number, headers: AnswerHeaders, slices: Iterable<Buffer>): void {
    this.#onStatus(status);
    this.#inner.answerSlices(status, withCommon(headers), slices);
  }

  stream(status: number, headers: AnswerHeaders): AnswerStream {
    this.#onStatus(status);
    return this.#inner.stream(status, withCommon(headers));
  }
}

function withCommon(headers: AnswerHeaders): AnswerHeaders {
  return { "audit-id": randomUUID(), "cache-control": "no-cache, private", ...headers };
}

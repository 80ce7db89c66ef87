// OpenAPI requests. Documents are made when they are first asked for, and again for groups whose kinds have changed.
// Mirrors k8s.io/kube-openapi pkg/handler3.

import { createHash } from "node:crypto";

import { DAY_MS } from "../../../core/index.ts";
import type { Clock } from "../../../core/index.ts";
import type { ResourceRegistry } from "../../api/registry.ts";
import type { Resource } from "../../api/resource.ts";
import { mediaType } from "../body.ts";
import { servedGroups } from "../discovery/served-groups.ts";
import type { ServedVersion } from "../discovery/served-groups.ts";
import type { AnswerHeaders, Exchange } from "../exchange.ts";
import { answerText, JSON_TYPE, PAGE_NOT_FOUND } from "../respond.ts";
import { documentKey, groupVersionDocument, swaggerDocument } from "./documents.ts";

export interface OpenApi {
  /** `path` without a trailing slash. */
  answer(exchange: Exchange, path: string): void;
}

interface Tagged {
  readonly text: string;
  /** Upper-case hexadecimal SHA-512. */
  readonly hash: string;
}

interface Remembered extends Tagged {
  readonly resources: readonly Resource[];
}

const V3 = "/openapi/v3";
const YEAR_MS = 365 * DAY_MS;

export function createOpenApi(registry: ResourceRegistry, clock: Clock): OpenApi {
  const remembered = new Map<string, Remembered>();
  const documentOf = (key: string, served: ServedVersion): Tagged => {
    const known = remembered.get(key);
    if (known !== undefined && isSameList(known.resources, served.resources)) return known;
    const fresh = tag(groupVersionDocument(registry, served));
    remembered.set(key, { ...fresh, resources: served.resources });
    return fresh;
  };
  const served = (): ReadonlyMap<string, ServedVersion> =>
    new Map(
      servedGroups(registry.all()).flatMap(({ name, versions }) =>
        versions.map((version) => [documentKey(name, version.version), version] as const),
      ),
    );
  return {
    answer(exchange, path) {
      if (path === "/openapi/v2") return answerSwagger(exchange, registry);
      if (path === V3) return answerIndex(exchange, served(), documentOf);
      const key = path.slice(V3.length + 1);
      const version = path.startsWith(`${V3}/`) ? served().get(key) : undefined;
      if (version === undefined) return answerText(exchange, 404, PAGE_NOT_FOUND);
      answerDocument(exchange, path, documentOf(key, version), clock);
    },
  };
}

function tag(document: unknown): Tagged {
  const text = JSON.stringify(document);
  return { text, hash: createHash("sha512").update(text).digest("hex").toUpperCase() };
}

function isSameList(a: readonly Resource[], b: readonly Resource[]): boolean {
  return a.length === b.length && a.every((resource, index) => resource === b[index]);
}

function answerIndex(
  exchange: Exchange,
  served: ReadonlyMap<string, ServedVersion>,
  documentOf: (key: string, served: ServedVersion) => Tagged,
): void {
  const entries = [...served]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, version]) => {
      const { hash } = documentOf(key, version);
      return [key, { serverRelativeURL: `${V3}/${key}?hash=${hash}` }];
    });
  // The API server leaves the type to be guessed, and clients do not look at it.
  const text = JSON.stringify({ paths: Object.fromEntries(entries) });
  exchange.answer(200, { "content-type": "text/plain; charset=utf-8" }, text);
}

/** An address with the right hash names these bytes for ever; one with a wrong hash is sent on. */
function answerDocument(
  exchange: Exchange,
  path: string,
  { text, hash }: Tagged,
  clock: Clock,
): void {
  if (!takesJson(exchange)) return answerText(exchange, 406, "406 Not Acceptable\n");
  const etag = `"${hash}"`;
  const asked = exchange.query.get("hash");
  if (asked !== null && asked !== hash) {
    return exchange.answer(301, { location: `${path}?hash=${hash}` }, "");
  }
  const lasting: AnswerHeaders =
    asked === null
      ? {}
      : {
          "cache-control": "public, immutable",
          expires: new Date(clock.now() + YEAR_MS).toUTCString(),
        };
  const headers = { ...lasting, etag, vary: "Accept" };
  if (exchange.header("if-none-match") === etag) return exchange.answer(304, headers, "");
  exchange.answer(200, { ...headers, "content-type": JSON_TYPE }, text);
}

/** Clients that want v2 at all want it as protobuf, which is not on offer; they go on without. */
function answerSwagger(exchange: Exchange, registry: ResourceRegistry): void {
  if (!takesJson(exchange)) return answerText(exchange, 406, "406 Not Acceptable\n");
  const { text, hash } = tag(swaggerDocument(servedGroups(registry.all())));
  exchange.answer(200, { "content-type": JSON_TYPE, etag: `"${hash}"` }, text);
}

function takesJson(exchange: Exchange): boolean {
  const accepted = (exchange.header("accept") ?? "*/*").split(",").map(mediaType);
  return accepted.some((type) => type === JSON_TYPE || type === "*/*" || type === "application/*");
}

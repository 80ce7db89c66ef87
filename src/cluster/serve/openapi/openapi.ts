// OpenAPI requests. Documents are made when they are first asked for, and again for groups whose kinds have changed.
// Mirrors k8s.io/kube-openapi pkg/handler3.

import { DAY_MS } from "../../../core/index.ts";
import type { Clock } from "../../../core/index.ts";
import type { ResourceRegistry } from "../../api/registry.ts";
import type { Resource } from "../../api/resource.ts";
import { servedGroups } from "../discovery/served-groups.ts";
import type { ServedVersion } from "../discovery/served-groups.ts";
import type { AnswerHeaders, Exchange } from "../exchange.ts";
import { answerText, JSON_TYPE, PAGE_NOT_FOUND } from "../respond.ts";
import type { OpenApiNode } from "./components.ts";
import { documentKey, groupVersionDocument, INFO } from "./documents.ts";
import { rootDocuments } from "./root-documents.ts";
import { takesJson } from "./swagger-requests.ts";
import { tag } from "./tagged-document.ts";
import type { Tagged } from "./tagged-document.ts";
import { createSwagger } from "./swagger-requests.ts";

export interface OpenApi {
  /** `path` without a trailing slash. */
  answer(exchange: Exchange, path: string): void;
}

interface Remembered extends Tagged {
  readonly resources: readonly Resource[];
}

/** Key in the index → the document, made when its hash or its text is asked for. */
type Index = ReadonlyMap<string, () => Tagged>;

const V3 = "/openapi/v3";
const YEAR_MS = 365 * DAY_MS;

export function createOpenApi(registry: ResourceRegistry, clock: Clock): OpenApi {
  const index = createIndex(registry);
  const swagger = createSwagger(registry);
  return {
    answer(exchange, path) {
      if (path === "/openapi/v2") return swagger(exchange);
      if (path === V3) return answerIndex(exchange, index());
      const key = path.slice(V3.length + 1);
      const document = path.startsWith(`${V3}/`) ? index().get(key) : undefined;
      if (document === undefined) return answerText(exchange, 404, PAGE_NOT_FOUND);
      answerDocument(exchange, path, document(), clock);
    },
  };
}

function createIndex(registry: ResourceRegistry): () => Index {
  const versions = new Map<string, Remembered>();
  const documentOf = (key: string, served: ServedVersion): Tagged => {
    const known = versions.get(key);
    if (known !== undefined && isSameList(known.resources, served.resources)) return known;
    const fresh = tag(groupVersionDocument(registry, served));
    versions.set(key, { ...fresh, resources: served.resources });
    return fresh;
  };
  const roots = new Map<string, Tagged>();
  const rootOf = (key: string, document: OpenApiNode): Tagged => {
    const known = roots.get(key) ?? tag(document);
    roots.set(key, known);
    return known;
  };
  return () => {
    const groups = servedGroups(registry.all());
    return new Map([
      ...[...rootDocuments(groups, INFO)].map(
        ([key, document]) => [key, () => rootOf(key, document)] as const,
      ),
      ...groups.flatMap(({ name, versions: served }) =>
        served.map((version) => {
          const key = documentKey(name, version.version);
          return [key, () => documentOf(key, version)] as const;
        }),
      ),
    ]);
  };
}

function isSameList(a: readonly Resource[], b: readonly Resource[]): boolean {
  return a.length === b.length && a.every((resource, index) => resource === b[index]);
}

function answerIndex(exchange: Exchange, index: Index): void {
  const entries = [...index]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, document]) => [key, { serverRelativeURL: `${V3}/${key}?hash=${document().hash}` }]);
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

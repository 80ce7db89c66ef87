// A watch over HTTP: one JSON event per line until the client goes, the time is up, or the history is gone.
// Mirrors k8s.io/apiserver pkg/endpoints/handlers/watch.go and get.go.

import { MINUTE_MS, SECOND_MS } from "../../core/index.ts";
import type { Clock, Timer } from "../../core/index.ts";
import type { WatchEvent } from "../../kubernetes/index.ts";
import { watch } from "../api/verbs/watch.ts";
import type { OpenWatch } from "../api/verbs/watch.ts";
import type { Resource } from "../api/resource.ts";
import { scopeOf } from "./metrics.ts";
import { eventText } from "./object-text.ts";
import { readFlag, readInteger, readText } from "./query.ts";
import { eventObjectJson, readIncludeObject } from "./represent.ts";
import { JSON_TYPE } from "./respond.ts";
import type { ResourceRequest } from "./server-context.ts";

/** Without `timeoutSeconds` a watch lasts between these two, as the API server's does. */
const TIMEOUT_MIN_MS = 30 * MINUTE_MS;
const TIMEOUT_SPREAD_MS = 30 * MINUTE_MS;
const BOOKMARK_INTERVAL_MS = MINUTE_MS;

/** Throws before anything has been sent when the request cannot be watched. */
export function streamWatch(request: ResourceRequest): void {
  const { exchange, resource, representation, caller, path } = request;
  const { clock, api, metrics } = request.server;
  const timeoutMs = readTimeout(request);
  const includeObject = readIncludeObject(exchange.query);
  let isFirst = true;
  const target = { resource, caller, namespace: path.namespace, ...watchOptions(request) };
  // Events never come synchronously, so the stream is there before the first. They see nothing of the request, which would
  // keep its headers and everything made to answer it for as long as the watch is open.
  const open = watch(api, target, (events) => {
    let text = "";
    for (const event of events) {
      const now = api.clock.now();
      text += eventLine(resource, event, { representation, includeObject, now, isFirst });
      isFirst = false;
    }
    metrics.countWatchEvents(resource, events.length);
    stream.write(text);
    if (events.at(-1)?.type === "ERROR") stream.end();
  });
  const leave = takePlace(request, open);
  const stream = exchange.stream(200, { "content-type": JSON_TYPE });
  const timeout = clock.setTimer(timeoutMs, () => {
    open.bookmark();
    stream.end();
  });
  const bookmarks = target.allowBookmarks
    ? every(clock, BOOKMARK_INTERVAL_MS, () => open.bookmark())
    : undefined;
  const scope = scopeOf(path, false);
  metrics.watchOpened(resource, scope);
  stream.onClose(() => {
    open.stop();
    timeout.cancel();
    bookmarks?.cancel();
    metrics.watchClosed(resource, scope);
    leave();
  });
}

function takePlace({ server, caller }: ResourceRequest, open: OpenWatch): () => void {
  try {
    return server.limits.enter(caller.user, "watch");
  } catch (error) {
    open.stop();
    throw error;
  }
}

function every(clock: Clock, intervalMs: number, callback: () => void): Timer {
  const next = (): Timer =>
    clock.setTimer(intervalMs, () => {
      callback();
      timer = next();
    });
  let timer = next();
  return { cancel: () => timer.cancel() };
}

function watchOptions({ exchange, path }: ResourceRequest) {
  const { query } = exchange;
  const selector = readText(query, "fieldSelector");
  // The deprecated form: a single object's path with `watch=1`.
  const byName = path.name === "" ? [] : [`metadata.name=${path.name}`];
  const fieldSelector = [...byName, ...(selector === undefined ? [] : [selector])].join(",");
  return {
    labelSelector: readText(query, "labelSelector"),
    fieldSelector: fieldSelector === "" ? undefined : fieldSelector,
    resourceVersion: readText(query, "resourceVersion"),
    resourceVersionMatch: readText(query, "resourceVersionMatch"),
    allowBookmarks: readFlag(query, "allowWatchBookmarks"),
    sendInitialEvents: readFlag(query, "sendInitialEvents"),
  };
}

function readTimeout({ exchange, server }: ResourceRequest): number {
  const seconds = readInteger(exchange.query, "timeoutSeconds") ?? 0;
  if (seconds > 0) return seconds * SECOND_MS;
  // In whole seconds, so that watches share the runtime's timers.
  const spreadSeconds = TIMEOUT_SPREAD_MS / SECOND_MS;
  return TIMEOUT_MIN_MS + Math.floor(server.rng.next() * spreadSeconds) * SECOND_MS;
}

function eventLine(
  resource: Resource,
  { type, object }: WatchEvent,
  options: Omit<Parameters<typeof eventObjectJson>[2], "isBookmark">,
): string {
  if (type === "ERROR") return eventText(type, JSON.stringify(object));
  const isBookmark = type === "BOOKMARK";
  return eventText(type, eventObjectJson(resource, object, { ...options, isBookmark }));
}

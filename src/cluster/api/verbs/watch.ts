// Watches: the changes of a collection from a version on, filtered by selectors. An object that leaves the selection is
// told as DELETED, one that enters it as ADDED. Mirrors k8s.io/apiserver pkg/storage/cacher.

import { failure, StatusError } from "../../../kubernetes/index.ts";
import type {
  KubernetesObject,
  Status,
  StatusCause,
  WatchEvent,
} from "../../../kubernetes/index.ts";
import { CompactedError } from "../../store/index.ts";
import type { Revision, StoreEvent, StoreWatch } from "../../store/index.ts";
import type { ApiContext } from "../api-context.ts";
import { toVersion } from "../conversion/convert.ts";
import { forbiddenField, unsupportedField } from "../field-error.ts";
import { internalError, invalid } from "../refusals.ts";
import type { Resource } from "../resource.ts";
import { parseSelection } from "../selection.ts";
import type { Selection } from "../selection.ts";
import type { ListRequest } from "./list.ts";
import { readable } from "./readable.ts";

export interface WatchRequest extends Omit<ListRequest, "limit" | "continue"> {
  readonly allowBookmarks?: boolean | undefined;
}

export interface OpenWatch {
  /** Sends a bookmark of everything delivered so far; nothing when bookmarks are not wanted. */
  bookmark(): void;
  stop(): void;
}

/** Annotation of the bookmark that ends the initial events (KEP-3157). */
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

export function watch(
  api: ApiContext,
  request: WatchRequest,
  onEvents: (events: readonly WatchEvent[]) => void,
): OpenWatch {
  checkOptions(request);
  const selection = parseSelection(request.resource, request.labelSelector, request.fieldSelector);
  const from = startOf(request);
  const wantsInitial = request.sendInitialEvents ?? from === "now";
  const open = new SelectedWatch(api, request, selection, onEvents);
  open.follow(request, wantsInitial || from === "now" ? api.store.revision : from);
  if (wantsInitial) open.tellInitial(initialEvents(api, request, selection));
  return open;
}

/**
 * What stays while a watch is open: thousands are at a time. It holds none of the request, which would keep the whole HTTP
 * exchange.
 */
class SelectedWatch implements OpenWatch {
  readonly #api: ApiContext;
  readonly #resource: Resource;
  readonly #allowsBookmarks: boolean;
  readonly #selection: Selection;
  readonly #onEvents: (events: readonly WatchEvent[]) => void;
  readonly #leave: (() => void) | undefined;
  #inner: StoreWatch | undefined;
  /** What is told first is told when it is durable; events that come meanwhile are newer. */
  #held: WatchEvent[] | undefined;
  #isStopped = false;

  constructor(
    api: ApiContext,
    { resource, caller, allowBookmarks }: WatchRequest,
    selection: Selection,
    onEvents: (events: readonly WatchEvent[]) => void,
  ) {
    this.#api = api;
    this.#resource = resource;
    this.#allowsBookmarks = allowBookmarks === true;
    this.#selection = selection;
    this.#onEvents = onEvents;
    const isTold = caller.knowsDerived !== true;
    this.#leave = isTold ? api.nodeAgent.watched?.(resource.facts.kind) : undefined;
  }

  follow(request: WatchRequest, after: Revision): void {
    try {
      this.#inner = this.#subscribe(request, after);
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
      const tooOld = `too old resource version: ${error.asked} (${error.oldest})`;
      queueMicrotask(() => this.#fail(failure("Expired", tooOld)));
    }
  }

  #subscribe({ namespace }: WatchRequest, after: Revision): StoreWatch {
    const { facts, storeResource } = this.#resource;
    const within = facts.namespaced ? (namespace ?? this.#selection.namespace) : undefined;
    const scope = { resource: storeResource, namespace: within, name: this.#selection.name, after };
    return this.#api.store.watch(scope, (events) => this.#forward(events));
  }

  tellInitial(initial: readonly WatchEvent[]): void {
    this.#held = [];
    this.#api.store.settled().then(
      () => {
        const later = this.#held ?? [];
        this.#held = undefined;
        if (!this.#isStopped) this.#onEvents([...initial, ...later]);
      },
      (error: unknown) => this.#fail(watchFailure(error)),
    );
  }

  #forward(events: readonly StoreEvent[]): void {
    const translated: WatchEvent[] = [];
    for (const event of events) {
      const one = translate(this.#resource, this.#selection, event);
      if (one !== undefined) translated.push(one);
    }
    if (this.#held !== undefined) this.#held.push(...translated);
    else if (translated.length > 0) this.#onEvents(translated);
  }

  #fail(status: Status): void {
    if (!this.#isStopped) this.#onEvents([{ type: "ERROR", object: status }]);
  }

  bookmark(): void {
    if (!this.#allowsBookmarks || this.#isStopped || this.#held !== undefined) return;
    this.#onEvents([bookmarkAt(this.#resource, this.#api.store.settledRevision)]);
  }

  stop(): void {
    if (!this.#isStopped) this.#leave?.();
    this.#isStopped = true;
    this.#inner?.stop();
  }
}

function translate(
  resource: Resource,
  selection: Selection,
  { type, object, previous }: StoreEvent,
): WatchEvent | undefined {
  const isAll = selection.isEverything;
  const matched = previous !== undefined && (isAll || selection.matches(previous));
  const matches = type === "put" && (isAll || selection.matches(object));
  if (matches) return { type: matched ? "MODIFIED" : "ADDED", object: toVersion(resource, object) };
  if (!matched) return undefined;
  const last = type === "delete" ? object : lastMatching(previous, object);
  return { type: "DELETED", object: toVersion(resource, last) };
}

/** The state that still matched, at the version that made it leave. */
function lastMatching(previous: KubernetesObject, left: KubernetesObject): KubernetesObject {
  const { resourceVersion } = left.metadata;
  if (resourceVersion === undefined) return previous;
  return { ...previous, metadata: { ...previous.metadata, resourceVersion } };
}

function initialEvents(
  api: ApiContext,
  request: WatchRequest,
  selection: Selection,
): readonly WatchEvent[] {
  const { resource } = request;
  const namespace = resource.facts.namespaced ? (request.namespace ?? selection.namespace) : "";
  const events: WatchEvent[] = api.store
    .list({ resource: resource.storeResource, namespace })
    .filter((object) => selection.isEverything || selection.matches(object))
    .map((object) => ({ type: "ADDED", object: readable(api, resource, object) }));
  if (request.sendInitialEvents !== true || request.allowBookmarks !== true) return events;
  const end = bookmarkAt(resource, api.store.revision, { [INITIAL_EVENTS_END]: "true" });
  return [...events, end];
}

function bookmarkAt(
  { apiVersion, facts }: Resource,
  revision: Revision,
  annotations?: Readonly<Record<string, string>>,
): WatchEvent {
  const metadata = {
    resourceVersion: String(revision),
    ...(annotations === undefined ? {} : { annotations }),
  };
  // A bookmark is the one object without a name.
  const object = { kind: facts.kind, apiVersion, metadata } as unknown as KubernetesObject;
  return { type: "BOOKMARK", object };
}

function startOf({ resourceVersion = "" }: WatchRequest): Revision | "now" {
  if (resourceVersion === "" || resourceVersion === "0") return "now";
  if (/^\d+$/.test(resourceVersion)) return Number(resourceVersion);
  const shown = JSON.stringify(resourceVersion);
  throw internalError(
    `resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`,
  );
}

function checkOptions(request: WatchRequest): void {
  const { sendInitialEvents, resourceVersionMatch: match = "" } = request;
  const field = "resourceVersionMatch";
  const causes: StatusCause[] = [];
  if (sendInitialEvents === undefined) {
    if (match !== "") {
      causes.push(
        forbiddenField(
          field,
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        ),
      );
    }
  } else {
    if (match !== "NotOlderThan") {
      causes.push(
        forbiddenField(
          field,
          "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ),
      );
    }
    if (match !== "" && match !== "NotOlderThan") {
      causes.push(unsupportedField(field, match, ["NotOlderThan"]));
    }
    if (sendInitialEvents && request.allowBookmarks !== true && match === "NotOlderThan") {
      causes.push(
        forbiddenField(
          "sendInitialEvents",
          "sendInitialEvents requires setting allowWatchBookmarks to true",
        ),
      );
    }
  }
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", causes);
}

/** The Status a broken watch ends with. */
export function watchFailure(error: unknown): Status {
  return error instanceof StatusError
    ? error.status
    : failure("InternalError", error instanceof Error ? error.message : String(error));
}

// A cached, watched list of one kind: list, watch from there, list again when history is gone.
// Mirrors client-go tools/cache/reflector.go and shared_informer.go; `observe` adds what client-go
// lacks: a controller sees its own writes at once, so no expectations have to be kept.

import type { Clock, Rng, Timer } from "../../core/index.ts";
import type { Informer } from "../controller.ts";
import type { KindRef } from "../gvk.ts";
import type { KubeApi, Watch, WatchEvent } from "../kube-api.ts";
import type { KubernetesObject } from "../object.ts";
import { isGone, isNotFound } from "../status.ts";
import { createObjectCache } from "./object-cache.ts";

export interface SharedInformer extends Informer {
  start(): void;
  stop(): void;
  /** Resolves after the first list; a kind that is not served yet counts as an empty list. */
  readonly synced: Promise<void>;
  /** True while the kind is not served; `retry` makes it look again. */
  readonly missing: boolean;
  retry(): void;
  /** Takes over the answer of one's own write unless the watch is already past it. */
  observe(object: KubernetesObject): void;
  /** Takes over that an object is gone after one's own delete. */
  observeDeleted(name: string, namespace: string | undefined, uid: string | undefined): void;
}

export interface InformerOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly kind: KindRef;
}

type ChangeHandler = (
  current: KubernetesObject | undefined,
  old: KubernetesObject | undefined,
) => void;

/** Reflector back-off: 800 ms doubling to 30 s, with up to as much again as jitter (reflector.go). */
const BACKOFF_FIRST_MS = 800;
const BACKOFF_MAX_MS = 30_000;
/** A kind that is not served is usually announced through `retry`; this is the fallback. */
const MISSING_RETRY_MS = 300_000;

export function createInformer({ api, clock, rng, kind }: InformerOptions): SharedInformer {
  const cache = createObjectCache();
  const handlers: ChangeHandler[] = [];
  let running = false;
  let missing = false;
  let attempts = 0;
  let watch: Watch | undefined;
  let pause: { readonly timer: Timer; readonly resume: () => void } | undefined;
  /** Everything up to this revision is in the cache. */
  let seen = 0;
  /** Uids removed by one's own delete whose events are still on their way. */
  const deleted = new Set<string>();
  let markSynced = (): void => undefined;
  const synced = new Promise<void>((resolve) => (markSynced = resolve));

  const notify: ChangeHandler = (current, old) => {
    for (const handler of handlers) handler(current, old);
  };
  const put = (object: KubernetesObject): void => {
    if (deleted.has(object.metadata.uid ?? "")) return;
    const old = cache.get(object.metadata.name, object.metadata.namespace);
    if (old !== undefined && !isNewer(object, old)) return;
    cache.set(object);
    if (old !== undefined && old.metadata.uid !== object.metadata.uid) {
      notify(undefined, old);
      notify(object, undefined);
    } else {
      notify(object, old);
    }
  };
  const remove = (name: string, namespace: string | undefined, uid: string | undefined): void => {
    const held = cache.get(name, namespace);
    if (held === undefined || (uid !== undefined && held.metadata.uid !== uid)) return;
    const old = cache.delete(name, namespace);
    notify(undefined, old);
  };

  const replace = (items: readonly KubernetesObject[]): void => {
    deleted.clear();
    const kept = new Set(items.map((item) => item.metadata.uid));
    for (const old of cache.list()) {
      if (kept.has(old.metadata.uid)) continue;
      remove(old.metadata.name, old.metadata.namespace, old.metadata.uid);
    }
    for (const item of items) put(item);
  };
  const onEvent = (event: WatchEvent): void => {
    if (event.type === "ERROR") return;
    const { object } = event;
    seen = Math.max(seen, revisionOf(object));
    if (event.type === "BOOKMARK") return;
    const { name, namespace, uid } = object.metadata;
    if (event.type !== "DELETED") return put(object);
    remove(name, namespace, uid);
    deleted.delete(uid ?? "");
  };

  const sleep = (delayMs: number): Promise<void> =>
    new Promise((resume) => {
      if (!running) return resume();
      pause = { timer: clock.setTimer(delayMs, resume), resume };
    });
  const wake = (): void => {
    pause?.timer.cancel();
    pause?.resume();
    pause = undefined;
  };
  const backOff = (): Promise<void> => {
    const delayMs = Math.min(BACKOFF_FIRST_MS * 2 ** attempts, BACKOFF_MAX_MS);
    attempts += 1;
    return sleep(delayMs * (1 + rng.next()));
  };

  const listOnce = async (): Promise<string | undefined> => {
    try {
      const { items, resourceVersion } = await api.list(kind);
      missing = false;
      replace(items);
      seen = Math.max(seen, Number(resourceVersion));
      markSynced();
      return resourceVersion;
    } catch (error) {
      missing = isNotFound(error);
      if (!missing) {
        await backOff();
        return undefined;
      }
      replace([]);
      markSynced();
      await sleep(MISSING_RETRY_MS);
      return undefined;
    }
  };
  const watchFrom = async (resourceVersion: string): Promise<"again" | "relist"> => {
    let expired = false;
    let events = 0;
    try {
      watch = api.watch(kind, { resourceVersion, allowBookmarks: true }, (event) => {
        events += 1;
        if (event.type === "ERROR") expired = true;
        else onEvent(event);
      });
      await watch.done;
    } catch (error) {
      expired = isGone(error) || isNotFound(error);
    }
    watch = undefined;
    if (events > 0) attempts = 0;
    return expired ? "relist" : "again";
  };
  const run = async (): Promise<void> => {
    while (running) {
      const listed = await listOnce();
      if (listed === undefined) continue;
      for (let next: "again" | "relist" = "again"; running && next === "again";) {
        next = await watchFrom(String(Math.max(seen, Number(listed))));
        if (running) await backOff();
      }
    }
  };

  return {
    get: cache.get,
    list: cache.list,
    ownedBy: cache.ownedBy,
    onChange(handler) {
      for (const object of cache.list()) handler(object, undefined);
      handlers.push(handler);
    },
    start() {
      if (running) return;
      running = true;
      void run();
    },
    stop() {
      running = false;
      watch?.stop();
      wake();
    },
    synced,
    get missing() {
      return missing;
    },
    retry: () => void (missing && wake()),
    observe(object) {
      if (revisionOf(object) > seen && !isGoneAlready(object)) put(object);
    },
    observeDeleted(name, namespace, uid) {
      const held = cache.get(name, namespace);
      if (held === undefined || uid === undefined || held.metadata.uid !== uid) return;
      deleted.add(uid);
      remove(name, namespace, uid);
    },
  };
}

/**
 * Revisions are integers in one sequence for the whole cluster, which clients may compare
 * since Kubernetes 1.35 (KEP-5504).
 */
export function revisionOf(object: KubernetesObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}

function isNewer(object: KubernetesObject, than: KubernetesObject): boolean {
  return revisionOf(object) > revisionOf(than);
}

/** The answer to a write that removed the object: terminating, with nothing left to wait for. */
function isGoneAlready({ metadata }: KubernetesObject): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  return (metadata.finalizers?.length ?? 0) === 0 && !metadata.deletionGracePeriodSeconds;
}

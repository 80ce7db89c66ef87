// Follows a handful of objects until told to stop: one list and one watch for each kind and namespace, listed again when
// the watch ends. No polling; only a kind that is not served is asked for again after a while.

import type { Clock, Timer } from "../core/index.ts";
import {
  isGone,
  isNotFound,
  type KindRef,
  type KubeApi,
  type KubernetesObject,
  type ObjectRef,
  type Watch,
} from "../kubernetes/index.ts";
import { isPassing } from "./retry.ts";

export interface RefWatch {
  stop(): void;
  /** Resolves when every follower has stopped; rejects when the API refuses for good. */
  readonly done: Promise<void>;
}

/** Called with `undefined` when the object is not there. */
export type RefHandler = (ref: ObjectRef, object: KubernetesObject | undefined) => void;

interface Group {
  readonly kind: KindRef;
  readonly namespace: string | undefined;
  readonly refs: Map<string, ObjectRef>;
}

const RETRY_MS = 1000;

export function watchRefs(
  api: KubeApi,
  refs: readonly ObjectRef[],
  { clock, onChange }: { readonly clock: Clock; readonly onChange: RefHandler },
): RefWatch {
  const followers = groupRefs(refs).map((group) => follow(api, group, clock, onChange));
  const stop = (): void => {
    for (const follower of followers) follower.stop();
  };
  return { stop, done: Promise.all(followers.map(({ done }) => done)).then(() => undefined) };
}

function groupRefs(refs: readonly ObjectRef[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const ref of refs) {
    const { apiVersion, kind, namespace } = ref;
    const key = [apiVersion, kind, namespace ?? ""].join("/");
    const group = groups.get(key) ?? { kind: { apiVersion, kind }, namespace, refs: new Map() };
    group.refs.set(ref.name, ref);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function follow(api: KubeApi, group: Group, clock: Clock, onChange: RefHandler): RefWatch {
  let stopped = false;
  let watch: Watch | undefined;
  let pause: { readonly timer: Timer; readonly resume: () => void } | undefined;
  const scope = { namespace: group.namespace, ...selectorOf(group) };
  const report = (object: KubernetesObject, present: boolean): void => {
    const ref = group.refs.get(object.metadata.name);
    if (ref !== undefined && !stopped) onChange(ref, present ? object : undefined);
  };

  const missAll = (found: ReadonlySet<string>): void => {
    for (const ref of group.refs.values()) {
      if (!found.has(ref.name) && !stopped) onChange(ref, undefined);
    }
  };
  const list = async (): Promise<string> => {
    const { items, resourceVersion } = await api.list(group.kind, scope);
    for (const item of items) report(item, true);
    missAll(new Set(items.map((item) => item.metadata.name)));
    return resourceVersion;
  };
  const watchFrom = async (resourceVersion: string): Promise<void> => {
    watch = api.watch(group.kind, { ...scope, resourceVersion }, (event) => {
      if (event.type === "ERROR" || event.type === "BOOKMARK") return;
      report(event.object, event.type !== "DELETED");
    });
    await watch.done;
    watch = undefined;
  };
  const once = async (): Promise<void> => {
    try {
      const resourceVersion = await list();
      if (!stopped) await watchFrom(resourceVersion);
    } catch (error) {
      // Not served, gone from history, or out of reach for a moment: listed again.
      if (!isPassing(error) && !isGone(error)) throw error;
      if (isNotFound(error)) missAll(new Set());
    }
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      await once();
      if (stopped) return;
      await new Promise<void>((resume) => {
        pause = { timer: clock.setTimer(RETRY_MS, resume), resume };
      });
    }
  };
  return {
    done: run(),
    stop() {
      stopped = true;
      watch?.stop();
      pause?.timer.cancel();
      pause?.resume();
    },
  };
}

/** One object is watched alone; several together. */
function selectorOf({ refs }: Group): { readonly fieldSelector?: string } {
  const [only] = refs.keys();
  return refs.size === 1 && only !== undefined ? { fieldSelector: `metadata.name=${only}` } : {};
}

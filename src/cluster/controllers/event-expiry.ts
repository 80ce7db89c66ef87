// Forgets events an hour after they were last counted, as the real server does through a lease of its storage
// (`--event-ttl`).

import { informerOf, isNotFound } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  KindToken,
  KubernetesObject,
} from "../../kubernetes/index.ts";
import { objectKey, splitKey } from "./object-key.ts";

const EVENT: KindToken<KubernetesObject> = { apiVersion: "v1", kind: "Event" };
const TTL_MS = 3_600_000;
const SWEEP = "sweep";
/** Events that expire within this time go together. */
const SWEEP_INTERVAL_MS = 60_000;

export function eventExpiryController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const events = informerOf(context, EVENT);
  /** In order of expiry: the time to live is the same for all, so the last written expires last. */
  const expiry = new Map<string, number>();
  let scheduled = false;
  let enqueue = (_key: string, _afterMs: number): void => undefined;

  const schedule = (): void => {
    if (scheduled || expiry.size === 0) return;
    scheduled = true;
    const [first = clock.now()] = expiry.values();
    enqueue(SWEEP, Math.max(SWEEP_INTERVAL_MS, first - clock.now()));
  };
  return {
    name: "event-expiry",
    setup(add) {
      enqueue = add;
      events.onChange((current, old) => {
        const event = current ?? old;
        if (event === undefined) return;
        const key = objectKey(event);
        expiry.delete(key);
        if (current === undefined) return;
        expiry.set(key, clock.now() + TTL_MS);
        schedule();
      });
    },
    async reconcile() {
      scheduled = false;
      const now = clock.now();
      for (const [key, at] of expiry) {
        if (at > now) break;
        expiry.delete(key);
        const { namespace, name } = splitKey(key);
        await api.delete({ ...EVENT, name, namespace }).catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
      }
      schedule();
    },
  };
}

// When an Application syncs: asked for by hand, on a new revision, to heal drift, or again after a failure.
// Mirrors autoSync and the retry strategy of Argo CD controller/appcontroller.go at v3.5.

import { parseDuration, type Clock, type InstantMs } from "../../../../core/index.ts";
import type { Application, ApplicationStatus } from "./resources.ts";
import type { SyncOperation } from "./sync-operation.ts";

/** An attempt that ended, by what it tried to reach. */
export interface EndedSync {
  readonly revisionKey: string;
  readonly succeeded: boolean;
  readonly at: InstantMs;
  readonly retryCount: number;
}

/** `controller.self.heal.timeout.seconds`, default 5: how long after a sync drift may be healed again. */
export const SELF_HEAL_MS = 5_000;
/** `spec.syncPolicy.retry` as Argo CD fills it in. */
const RETRY = { limit: 5, duration: "5s", factor: 2, maxDuration: "3m" } as const;

export type Decision =
  | { readonly kind: "sync"; readonly operation: SyncOperation; readonly manual: boolean }
  | { readonly kind: "wait"; readonly afterMs?: number };

/** Whether to sync now, and when to look again otherwise. */
export function decide(
  application: Application,
  status: ApplicationStatus,
  revisionKey: string,
  ended: EndedSync | undefined,
  clock: Clock,
): Decision {
  const { automated } = application.spec.syncPolicy ?? {};
  const asked = application["operation"] as
    | { readonly sync?: { readonly prune?: boolean } }
    | undefined;
  const start = (prune: boolean, isAutomated: boolean, retryCount: number): SyncOperation => ({
    revisionKey,
    startedAt: clock.now(),
    automated: isAutomated,
    prune,
    retryCount,
    results: new Map(),
  });
  if (asked?.sync !== undefined)
    return { kind: "sync", manual: true, operation: start(asked.sync.prune ?? false, false, 0) };
  if (automated === undefined || automated.enabled === false || status.sync.status !== "OutOfSync")
    return { kind: "wait" };
  const prune = automated.prune ?? false;
  if (ended?.revisionKey !== revisionKey)
    return { kind: "sync", manual: false, operation: start(prune, true, 0) };
  if (!ended.succeeded)
    return retry(application, ended, clock, (count) => start(prune, true, count));
  if (automated.selfHeal !== true) return { kind: "wait" };
  return whenDue(ended.at + SELF_HEAL_MS, clock, () => start(prune, true, 0));
}

/** A failed sync of the same revision is tried again with back-off, a limited number of times. */
function retry(
  application: Application,
  ended: EndedSync,
  clock: Clock,
  start: (retryCount: number) => SyncOperation,
): Decision {
  const policy = application.spec.syncPolicy?.retry;
  if (policy === undefined) return { kind: "wait" };
  const { limit = RETRY.limit } = policy;
  // A negative limit is none: controller/appcontroller.go, v3.4.
  if (limit >= 0 && ended.retryCount >= limit) return { kind: "wait" };
  const {
    duration = RETRY.duration,
    factor = RETRY.factor,
    maxDuration = RETRY.maxDuration,
  } = policy.backoff ?? {};
  const delayMs = Math.min(
    (parseDuration(duration) ?? 0) * factor ** ended.retryCount,
    parseDuration(maxDuration) ?? Infinity,
  );
  return whenDue(ended.at + delayMs, clock, () => start(ended.retryCount + 1));
}

function whenDue(due: number, clock: Clock, start: () => SyncOperation): Decision {
  const afterMs = due - clock.now();
  return afterMs > 0
    ? { kind: "wait", afterMs }
    : { kind: "sync", manual: false, operation: start() };
}

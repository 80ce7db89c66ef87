// What `/readyz` says: each back end with its state. Only the order store decides; the rest degrades one feature each.

import { setTimeout as sleep } from "node:timers/promises";

import type { BackEnds } from "./back-ends.ts";
import { messageOf } from "./telemetry/log.ts";

export interface FeatureState {
  readonly feature: string;
  readonly backEnd: string;
  readonly state: "ok" | "absent" | "failing";
  readonly reason?: string;
}

export interface Health {
  readonly isReady: boolean;
  readonly features: readonly FeatureState[];
}

export interface HealthCheck {
  check(): Promise<Health>;
}

const ANSWER_MS = 1500;
/** Probes come every few seconds from several places; the back ends need not hear all of them. */
const FRESH_MS = 2000;
/** Who is not ready yet may be in a moment. */
const UNREADY_FRESH_MS = 100;

export function createHealthCheck(backEnds: BackEnds): HealthCheck {
  let last: { untilMs: number; readonly health: Promise<Health> } | undefined;
  return {
    check: async () => {
      if (last !== undefined && performance.now() < last.untilMs) return last.health;
      const mine = { untilMs: Infinity, health: checkAll(backEnds).then(healthOf) };
      last = mine;
      const { isReady } = await mine.health;
      mine.untilMs = performance.now() + (isReady ? FRESH_MS : UNREADY_FRESH_MS);
      return mine.health;
    },
  };
}

function healthOf(features: readonly FeatureState[]): Health {
  const isReady = features.some(({ feature, state }) => feature === "orders" && state === "ok");
  return { isReady, features };
}

function checkAll(backEnds: BackEnds): Promise<FeatureState[]> {
  const { orders, cache, uploads, mail, events } = backEnds;
  const database = orders && {
    ping: async (): Promise<void> => {
      await orders.ping();
      if (!backEnds.isMigrated()) throw new Error("the schema is being prepared");
    },
  };
  return Promise.all([
    checkOne("orders", orders?.system ?? "database", database),
    checkOne("cache, sessions and leader board", "redis", cache),
    checkOne("pictures", "s3", uploads),
    checkOne("mail", "sqs", mail),
    checkOne("events", "kafka", events),
  ]);
}

async function checkOne(
  feature: string,
  backEnd: string,
  client: { ping(): Promise<void> } | undefined,
): Promise<FeatureState> {
  if (client === undefined) return { feature, backEnd, state: "absent" };
  const late = new AbortController();
  try {
    const timeout = sleep(ANSWER_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`no answer within ${ANSWER_MS} ms`);
    });
    await Promise.race([client.ping(), timeout]);
    return { feature, backEnd, state: "ok" };
  } catch (error) {
    return { feature, backEnd, state: "failing", reason: messageOf(error) };
  } finally {
    late.abort();
  }
}

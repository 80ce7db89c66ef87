// One life of the cluster's process: from opening its store to its death, after which no timer fires, no answer comes and
// no write reaches the disk.

import type { Clock, Rng } from "../../src/core/index.ts";
import { createEmbeddedCluster, openJournalStore } from "../../src/cluster/index.ts";
import type { EmbeddedCluster, JournalStore } from "../../src/cluster/index.ts";
import type { MemoryDirectory } from "../../src/cluster/store/testing/memory-directory.ts";
import { createInformerSet } from "../../src/kubernetes/index.ts";
import type { InformerSet } from "../../src/kubernetes/index.ts";
import { createFaultyNetwork } from "./faulty-api.ts";
import type { FaultRates, FaultyNetwork } from "./faulty-api.ts";
import { KINDS } from "./kinds.ts";

export interface Life {
  readonly store: JournalStore;
  readonly cluster: EmbeddedCluster;
  readonly network: FaultyNetwork;
  /** Caches behind the same network as the controllers'. */
  readonly informers: InformerSet;
  /** What kept it from starting. */
  readonly errors: readonly string[];
  readonly ended: boolean;
  die(): void;
}

export interface LifeOptions {
  readonly directory: MemoryDirectory;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly rates: () => FaultRates;
}

const NODES = 4;
/** Small, so that addresses can all be counted. */
export const SERVICE_CIDR = "10.43.0.0/24";
/** Small, so that snapshots and new journals happen. */
const ROTATE_BYTES = 200_000;

export async function beginLife({ directory, clock, rng, rates }: LifeOptions): Promise<Life> {
  let alive = true;
  const errors: string[] = [];
  const isAlive = (): boolean => alive;
  const mortal = mortalClock(clock, isAlive);
  const store = await openJournalStore({ directory, rotateBytes: ROTATE_BYTES });
  const network = createFaultyNetwork({ rng: rng.fork("network"), clock: mortal, rates, isAlive });
  const cluster = createEmbeddedCluster({
    name: "sim",
    clock: mortal,
    rng,
    store,
    serviceCidr: SERVICE_CIDR,
    nodes: [{ count: NODES }],
    metrics: false,
    controllerApi: network.wrap,
  });
  const informers = createInformerSet({
    api: network.wrap(cluster.api),
    clock: mortal,
    rng: rng.fork("informers"),
  });
  for (const kind of KINDS) informers.informer(kind);
  informers.start();
  // A process that dies first never gets there.
  cluster.start().catch((error: unknown) => {
    if (alive) errors.push(`the cluster does not start: ${String(error)}`);
  });
  return {
    store,
    cluster,
    network,
    informers,
    errors,
    get ended() {
      return !alive;
    },
    die() {
      alive = false;
      cluster.stop();
      informers.stop();
    },
  };
}

function mortalClock(clock: Clock, isAlive: () => boolean): Clock {
  const guarded = (callback: () => void) => (): void => {
    if (isAlive()) callback();
  };
  return {
    now: () => clock.now(),
    setTimer: (delayMs, callback) => clock.setTimer(delayMs, guarded(callback)),
    sleep: (delayMs) =>
      new Promise(
        (resolve) =>
          void clock.setTimer(
            delayMs,
            guarded(() => resolve()),
          ),
      ),
    defer: (callback) => clock.defer(guarded(callback)),
  };
}

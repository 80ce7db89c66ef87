// Velero's behaviour on a real embedded API under virtual time: a schedule makes backups that complete and expire.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { bootstrap, createCluster, type Cluster } from "../../src/cluster/index.ts";
import { behaviour } from "../../src/components/backup/velero/behaviour.ts";
import { veleroCrdFacts } from "../../src/components/backup/velero/crds.facts.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import { createInformerSet, crdObjects, runControllers } from "../../src/kubernetes/index.ts";

const DAY_MS = 24 * 3_600_000;
const VELERO = "velero.io/v1";

let clock: VirtualClock;
let cluster: Cluster;
let stop: () => void;

beforeEach(async () => {
  clock = createVirtualClock(Date.UTC(2026, 0, 1));
  cluster = createCluster({ name: "test", clock, rng: createRng("test") });
  await bootstrap(cluster);
  for (const definition of crdObjects(veleroCrdFacts)) await cluster.api.create(definition);
  await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "velero" } });
  const rng = createRng("behaviours");
  const informers = createInformerSet({ api: cluster.api, clock, rng });
  const context = {
    api: cluster.api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
  };
  const factories = behaviour.controllers?.(context) ?? [];
  const running = runControllers(factories, { api: cluster.api, clock, rng, informers });
  running.start();
  stop = () => running.stop();
});
afterEach(() => stop());

async function statusOf(kind: string, name: string): Promise<unknown> {
  const found = await cluster.api.get({ apiVersion: VELERO, kind, namespace: "velero", name });
  return found["status"];
}

async function backups(): Promise<string[]> {
  const { items } = await cluster.api.list({ apiVersion: VELERO, kind: "Backup" });
  return items.map((item) => {
    const { phase } = item["status"] as { readonly phase: string };
    return `${item.metadata.name} ${phase} ${item.metadata.labels?.["keelson.dev/simulated"]}`;
  });
}

describe("velero", () => {
  it("finds a location available", async () => {
    await cluster.api.create({
      apiVersion: VELERO,
      kind: "BackupStorageLocation",
      metadata: { name: "default", namespace: "velero" },
      spec: { provider: "aws", objectStorage: { bucket: "vault" } },
    });
    await clock.advanceBy(1000);
    expect(await statusOf("BackupStorageLocation", "default")).toMatchObject({
      phase: "Available",
    });
  });

  it("makes a backup at every due hour, in the schedule's zone, and removes it when it expires", async () => {
    await cluster.api.create({
      apiVersion: VELERO,
      kind: "Schedule",
      metadata: { name: "nightly", namespace: "velero" },
      spec: { schedule: "CRON_TZ=Europe/Berlin 0 3 * * *", template: { ttl: "48h0m0s" } },
    });
    await clock.advanceBy(2 * 3_600_000 + 60_000);
    expect(await backups()).toEqual(["nightly-20260101020000 Completed true"]);
    expect(await statusOf("Schedule", "nightly")).toMatchObject({
      phase: "Enabled",
      lastBackup: "2026-01-01T02:00:00Z",
    });
    await clock.advanceBy(3 * DAY_MS);
    expect(await backups()).toEqual([
      "nightly-20260103020000 Completed true",
      "nightly-20260104020000 Completed true",
    ]);
  });

  it("refuses a schedule that is none", async () => {
    await cluster.api.create({
      apiVersion: VELERO,
      kind: "Schedule",
      metadata: { name: "broken", namespace: "velero" },
      spec: { schedule: "0 3 * *", template: {} },
    });
    await clock.advanceBy(1000);
    expect(await statusOf("Schedule", "broken")).toMatchObject({ phase: "FailedValidation" });
  });
});

// Heartbeats that are derived when somebody reads equal heartbeats that are written every ten seconds, for everybody who
// reads: Leases, conditions and taints of nodes, pods of a node that falls silent.

import { expect, it } from "vitest";

import { createEmbeddedCluster, reviveNode, silenceNode } from "../../src/cluster/index.ts";
import type { EmbeddedCluster } from "../../src/cluster/index.ts";
import { createRng, createVirtualClock } from "../../src/core/index.ts";
import type { Rng, VirtualClock } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";

const START = Date.parse("2026-03-01T08:00:00Z");
const LEASE = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
const HOUR_MS = 3_600_000;

interface Running {
  readonly heartbeats: "derived" | "written";
  readonly cluster: EmbeddedCluster;
  readonly clock: VirtualClock;
}

async function start(heartbeats: "derived" | "written"): Promise<Running> {
  const clock = createVirtualClock(START);
  const options = { name: "hearts", clock, rng: createRng("hearts"), metrics: false, heartbeats };
  const cluster = createEmbeddedCluster(options);
  await cluster.start();
  await clock.advanceBy(1_000);
  const containers = [{ name: "web", image: "example/web:1" }];
  await cluster.api.create({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 6,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers } },
    },
  });
  return { heartbeats, cluster, clock };
}

/** What readers see; which write made it so is no heartbeat's business. */
async function readAll({ cluster: { api } }: Running): Promise<unknown> {
  const kinds = [LEASE, { apiVersion: "v1", kind: "Node" }, { apiVersion: "v1", kind: "Pod" }];
  const lists = await Promise.all(kinds.map((kind) => api.list(kind)));
  const lease = await api.get({ ...LEASE, name: "node-0", namespace: "kube-node-lease" });
  return [...lists.flatMap(({ items }) => items), lease].map(seen);
}

function seen({ kind, metadata, spec, status }: KubernetesObject): unknown {
  // Names and addresses of pods are drawn in the order of writes.
  const name = kind === "Pod" ? "" : metadata.name;
  const pod = status as { readonly phase?: string; readonly conditions?: unknown } | undefined;
  return {
    kind,
    name,
    deleting: metadata.deletionTimestamp,
    spec: kind === "Pod" ? (spec as { readonly nodeName?: string }).nodeName : spec,
    status: kind === "Pod" ? [pod?.phase, pod?.conditions] : status,
  };
}

const sorted = (all: unknown): readonly string[] =>
  (all as readonly unknown[]).map((one) => JSON.stringify(one)).toSorted();

it("are the same for every reader over an hour in which a node falls silent and comes back", async () => {
  const derived = await start("derived");
  const written = await start("written");
  const rng: Rng = createRng("instants");
  let isSilent = false;
  while (derived.clock.now() < START + HOUR_MS) {
    // Never at the very instant of a renewal, which is before or after the look at it.
    const next = derived.clock.now() + 1 + rng.below(180_000);
    for (const { clock } of [derived, written]) await clock.advanceTo(next);
    const look = async (): Promise<void> =>
      expect(sorted(await readAll(derived))).toEqual(sorted(await readAll(written)));
    await look();
    if (rng.below(4) > 0) continue;
    for (const { cluster, clock, heartbeats } of [derived, written]) {
      if (isSilent) await reviveNode(cluster.api, "node-1", clock.now(), heartbeats);
      else await silenceNode(cluster.api, "node-1", clock.now());
    }
    isSilent = !isSilent;
  }
  expect(written.cluster.context.store.revision).toBeGreaterThan(
    derived.cluster.context.store.revision + 3 * 300,
  );
});

it("are told to those who watch, for as long as they do", async () => {
  const { cluster, clock } = await start("derived");
  await clock.advanceBy(60_000);
  const idle = cluster.context.store.revision;
  await clock.advanceBy(60_000);
  expect(cluster.context.store.revision).toBe(idle);
  const renewed: string[] = [];
  const name = "metadata.name=node-0";
  const watch = cluster.api.watch(LEASE, { fieldSelector: name }, ({ type, object }) => {
    const { renewTime } = (object as KubernetesObject)["spec"] as { readonly renewTime: string };
    renewed.push(`${type} ${renewTime.slice(11, 19)}`);
  });
  await clock.advanceBy(25_000);
  expect(renewed).toEqual(["ADDED 08:02:00", "MODIFIED 08:02:10", "MODIFIED 08:02:20"]);
  watch.stop();
  const left = cluster.context.store.revision;
  await clock.advanceBy(60_000);
  expect(cluster.context.store.revision).toBe(left);
});

// 24 hours of virtual time in a cluster of 100 simulated nodes that nobody uses: heartbeats and leases only.
// Usage: node idle-day.mjs DIST

import { pathToFileURL } from "node:url";

// Types only: at run time the built door `keelson/cluster` is loaded, as a user's process does.
import type * as ClusterRoom from "../../src/cluster/index.ts";

const NODES = 100;
/** When the real node controller would begin to doubt (node-monitor-grace-period). */
const HEARTBEAT_MAX_MS = 40_000;
const DAY_MS = 24 * 3_600_000;

const dist = pathToFileURL(`${process.argv[2] ?? ""}/`);
const door = new URL("cluster/index.js", dist).href;
const { createEmbeddedCluster, createRng, createVirtualClock }: typeof ClusterRoom = await import(
  door
);

const clock = createVirtualClock(Date.UTC(2026, 0, 1));
const cluster = createEmbeddedCluster({
  name: "bench",
  clock,
  rng: createRng("bench"),
  nodes: [{ count: NODES }],
});
await cluster.start();

// The first minute, in which a cluster finds its peace, is part of the day.
const startedMs = performance.now();
await clock.advanceBy(DAY_MS);
console.log(`@figure dayMs ${performance.now() - startedMs}`);
await expectFreshHeartbeats();
cluster.stop();

/** A day in which nothing happened would be just as fast. */
async function expectFreshHeartbeats(): Promise<void> {
  const kind = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
  const { items } = await cluster.api.list(kind, { namespace: "kube-node-lease" });
  const fresh = items.filter((lease) => {
    const { spec } = lease as { readonly spec?: { readonly renewTime?: string } };
    return Date.parse(spec?.renewTime ?? "") > clock.now() - HEARTBEAT_MAX_MS;
  });
  if (fresh.length !== NODES) throw new Error(`${fresh.length} of ${NODES} nodes are alive`);
}

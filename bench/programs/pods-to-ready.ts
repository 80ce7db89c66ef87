// 100 Deployments of 100 pods on 1,000 simulated nodes, in this process, until every pod is ready.
// Usage: node pods-to-ready.mjs DIST

import { pathToFileURL } from "node:url";

// Types only: at run time the built door `keelson/cluster` is loaded, as a user's process does.
import type * as ClusterRoom from "../../src/cluster/index.ts";

const DEPLOYMENTS = 100;
const REPLICAS = 100;
const NODES = 1_000;

const dist = pathToFileURL(`${process.argv[2] ?? ""}/`);
const door = new URL("cluster/index.js", dist).href;
const { createEmbeddedCluster, createRealClock, createRng, FAST_DELAYS }: typeof ClusterRoom =
  await import(door);

const cluster = createEmbeddedCluster({
  name: "bench",
  clock: createRealClock({ keepAlive: true }),
  rng: createRng("bench"),
  nodes: [{ count: NODES }],
  // Everything at once: what is measured is the control plane, not what a kubelet would wait for.
  stageDelays: FAST_DELAYS,
});
await cluster.start();
await nodesReady();

const startedMs = performance.now();
await Promise.all(
  Array.from({ length: DEPLOYMENTS }, (_, index) => cluster.api.create(deployment(`app-${index}`))),
);
await allReady();
console.log(`@figure readyMs ${performance.now() - startedMs}`);
cluster.stop();

/** The nodes are there before the pods: ready, and rid of the taint every new node has. */
async function nodesReady(): Promise<void> {
  const isOpen = (node: unknown): boolean => {
    const { spec } = node as { readonly spec?: { readonly taints?: readonly unknown[] } };
    return (spec?.taints ?? []).length === 0;
  };
  for (;;) {
    const { items } = await cluster.api.list({ apiVersion: "v1", kind: "Node" });
    if (items.length === NODES && items.every(isOpen)) return;
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
}

/** Counts as a person would: by what Deployments say of themselves. */
function allReady(): Promise<void> {
  const ready = new Map<string, number>();
  return new Promise((resolve) => {
    const kind = { apiVersion: "apps/v1", kind: "Deployment" };
    const options = {
      sendInitialEvents: true,
      resourceVersionMatch: "NotOlderThan",
      allowBookmarks: true,
    } as const;
    const watch = cluster.api.watch(kind, options, ({ object }) => {
      const { metadata, status } = object as {
        readonly metadata?: { readonly name?: string };
        readonly status?: { readonly readyReplicas?: number };
      };
      ready.set(metadata?.name ?? "", status?.readyReplicas ?? 0);
      const total = [...ready.values()].reduce((sum, count) => sum + count, 0);
      if (total < DEPLOYMENTS * REPLICAS) return;
      watch.stop();
      resolve();
    });
  });
}

function deployment(name: string) {
  const labels = { app: name };
  const container = { name: "main", image: "example/app:1.0" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

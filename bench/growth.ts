// How cost grows with what is stored: the same work beside 1,000, 10,000 and 100,000 objects of the same kind.

import type { Contender, Row } from "./case.ts";
import { inParallel, type KubeConnection } from "./kube-connection.ts";
import { startServedCluster } from "./served-cluster.ts";

const SIZES: readonly number[] = [1_000, 10_000, 100_000];
const CLIENTS = 16;
/** Creates and page reads measured at each size. */
const SAMPLE = 1_000;
const PAGES = 20;
const COLLECTION = "/api/v1/namespaces/default/configmaps";

export const growth: Contender = {
  label: "keelson",
  run: async () => {
    const cluster = await startServedCluster(["--nodes", "0"], CLIENTS);
    const figures: Record<string, number> = {};
    try {
      let stored = 0;
      for (const size of SIZES) {
        await createMany(cluster.connection, stored, size - stored);
        const seconds = await timeSeconds(() => createMany(cluster.connection, size, SAMPLE));
        stored = size + SAMPLE;
        figures[`creates${size}`] = SAMPLE / seconds;
        figures[`page${size}`] = await timePage(cluster.connection);
        figures[`bytes${size}`] = cluster.residentBytes();
      }
      return figures;
    } finally {
      await cluster.stop();
    }
  },
};

export const GROWTH_ROWS: readonly Row[] = SIZES.flatMap((size): Row[] => {
  const beside = `beside ${size.toLocaleString("en-US")} objects`;
  return [
    { what: `creates ${beside}`, figure: `creates${size}`, unit: "per second" },
    { what: `  a page of 500 ${beside}`, figure: `page${size}`, unit: "ms" },
    { what: `  memory ${beside}`, figure: `bytes${size}`, unit: "bytes" },
  ];
});

function createMany(connection: KubeConnection, first: number, count: number): Promise<void> {
  return inParallel(count, CLIENTS, (index) =>
    connection.send("POST", COLLECTION, {
      apiVersion: "v1",
      kind: "ConfigMap",
      // Not in the order of names, as in life.
      metadata: { name: `config-${((first + index) * 7919) % 1_000_003}` },
      data: { key: "value".repeat(20) },
    }),
  );
}

/** Milliseconds for one page, as `kubectl get` asks for it. */
async function timePage(connection: KubeConnection): Promise<number> {
  const seconds = await timeSeconds(() =>
    inParallel(PAGES, 1, () => connection.send("GET", `${COLLECTION}?limit=500`)),
  );
  return (seconds * 1_000) / PAGES;
}

async function timeSeconds(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1_000;
}

// Load on the embedded cluster over HTTPS, from this process: another process than the server, as real clients are.

import type { Contender, Figures } from "./case.ts";
import { inParallel } from "./kube-connection.ts";
import { type ServedCluster, startServedCluster } from "./served-cluster.ts";

/** Keep-alive connections, each with one request at a time. */
const CLIENTS = 16;
/** Time for garbage of the start to be collected before memory at rest is read. */
const SETTLE_MS = 2_000;

export const boot: Contender = served([], async (cluster) => {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return { firstAnswerMs: cluster.firstAnswerMs, idleBytes: cluster.residentBytes() };
});

/** The first creates of a process pay for code that is not optimised yet; `warm` is what follows. */
const COLD_CREATES = 2_000;
const WARM_CREATES = 6_000;

export const configMaps: Contender = served(["--nodes", "0"], measureCreates);

/** The same, and every answer waits for its write to be on the disk. */
export const configMapsJournalled: Contender = served(
  ["--nodes", "0", "--data", "data"],
  measureCreates,
);

async function measureCreates({ connection }: ServedCluster): Promise<Figures> {
  const rate = async (first: number, count: number): Promise<number> =>
    count / (await timeSeconds(() => createConfigMaps(connection, first, count)));
  const coldPerSecond = await rate(0, COLD_CREATES);
  return { coldPerSecond, createsPerSecond: await rate(COLD_CREATES, WARM_CREATES) };
}

/** No node in the cluster: what is measured is the API, not the scheduler. */
export const podLists: Contender = served(["--nodes", "0"], async ({ connection }) => {
  await createPods(connection, 2_000);
  const list = (): Promise<string> => connection.send("GET", "/api/v1/namespaces/default/pods");
  return {
    aloneMs: await timePerJob(10, 1, list),
    // What each client sees while the others ask too.
    togetherMs: (await timePerJob(2 * CLIENTS, CLIENTS, list)) * CLIENTS,
  };
});

export const podsOneByOne: Contender = served(["--nodes", "1000"], async (cluster) => {
  const seconds = await timeSeconds(() => createPods(cluster.connection, 10_000));
  return { createMs: seconds * 1_000, residentBytes: cluster.residentBytes() };
});

function createConfigMaps(
  connection: ServedCluster["connection"],
  first: number,
  count: number,
): Promise<void> {
  return inParallel(count, CLIENTS, (index) =>
    connection.send("POST", "/api/v1/namespaces/default/configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `config-${first + index}` },
      data: { key: "value".repeat(20) },
    }),
  );
}

function createPods(connection: ServedCluster["connection"], count: number): Promise<void> {
  return inParallel(count, CLIENTS, (index) =>
    connection.send("POST", "/api/v1/namespaces/default/pods", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `pod-${index}`, labels: { app: "bench" } },
      spec: { containers: [{ name: "main", image: "example/app:1.0" }] },
    }),
  );
}

function served(
  args: readonly string[],
  measure: (cluster: ServedCluster) => Promise<Figures>,
): Contender {
  return {
    label: "keelson",
    run: async () => {
      const cluster = await startServedCluster(args, CLIENTS);
      try {
        return await measure(cluster);
      } finally {
        await cluster.stop();
      }
    },
  };
}

/** Milliseconds of wall time for each finished job. */
async function timePerJob(
  count: number,
  clients: number,
  job: () => Promise<unknown>,
): Promise<number> {
  const seconds = await timeSeconds(() => inParallel(count, clients, job));
  return (seconds * 1_000) / count;
}

async function timeSeconds(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1_000;
}

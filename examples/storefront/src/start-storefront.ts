// The whole app from its configuration: back ends, server, worker, and the order in which they end.

import type { RequestListener } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { openBackEnds, type BackEnds } from "./back-ends.ts";
import { readConfiguration, type Configuration, type Variables } from "./configuration.ts";
import { createHealthCheck } from "./health.ts";
import { shopRoutes } from "./http/routes.ts";
import { serveShop, type RunningServer } from "./http/serve.ts";
import { startMailWorker } from "./mail-worker.ts";
import { createShop } from "./shop.ts";
import { log } from "./telemetry/log.ts";
import { activeUsers, databaseConnections } from "./telemetry/metrics.ts";
import { createVisitors, type Visitors } from "./visitors.ts";

export interface Storefront {
  /** Undefined for a worker, which serves its health only. */
  readonly url: string;
  /** Readiness fails, requests finish, then everything closes. */
  stop(): Promise<void>;
}

/** Kubernetes kills after 30 seconds unless told otherwise. */
const CLOSE_MS = 15_000;

export async function startStorefront(
  variables: Variables,
  serveMetrics: RequestListener,
): Promise<Storefront> {
  const configuration = readConfiguration(variables);
  const backEnds = await openBackEnds(configuration);
  const visitors = createVisitors();
  observe(backEnds, visitors);
  let isAccepting = true;
  const server = await serve(configuration, variables, backEnds, visitors, {
    isAccepting: () => isAccepting,
    serveMetrics,
  });
  const worker =
    configuration.role !== "web" && backEnds.mail !== undefined
      ? startMailWorker({ queue: backEnds.mail, orders: backEnds.orders, cache: backEnds.cache })
      : undefined;
  log.info("listening", { url: server.url, role: configuration.role });
  return {
    url: server.url,
    stop: async () => {
      isAccepting = false;
      server.drain();
      log.info("ending", { drain_ms: configuration.drainMs });
      await sleep(configuration.drainMs);
      await Promise.all([server.close(CLOSE_MS), worker?.stop()]);
      await backEnds.close();
      log.info("ended");
    },
  };
}

interface ServeState {
  readonly isAccepting: () => boolean;
  readonly serveMetrics: RequestListener;
}

function serve(
  configuration: Configuration,
  variables: Variables,
  backEnds: BackEnds,
  visitors: Visitors,
  { isAccepting, serveMetrics }: ServeState,
): Promise<RunningServer> {
  const shop = createShop(backEnds, { variables, directory: configuration.secretsDirectory });
  const health = createHealthCheck(backEnds);
  const all = shopRoutes({ shop, backEnds, health, isAccepting });
  return serveShop({
    host: configuration.host,
    port: configuration.port,
    // A worker answers probes and metrics, and sells nothing.
    routes: configuration.role === "worker" ? all.filter(({ isQuiet }) => isQuiet) : all,
    cache: backEnds.cache,
    serveMetrics,
    onVisit: (session) => {
      visitors.touch(session);
      void backEnds.cache?.touch(session);
    },
  });
}

/** Figures that are read rather than counted. */
function observe({ orders, cache }: BackEnds, visitors: Visitors): void {
  activeUsers.addCallback(async (result) =>
    result.observe((await cache?.active()) ?? visitors.count()),
  );
  databaseConnections.addCallback((result) => {
    const pool = orders?.connections?.();
    if (pool === undefined) return;
    result.observe(pool.used, { state: "used" });
    result.observe(pool.idle, { state: "idle" });
    result.observe(pool.waiting, { state: "waiting" });
  });
}

// One call for a test: a running cluster with defaults for everything, in real or in virtual time, served when asked for.

import { writeFileSync } from "node:fs";

import { createRealClock, createRng, createVirtualClock, invariant } from "../core/index.ts";
import type { Clock, InstantMs, VirtualClock } from "../core/index.ts";
import { createEmbeddedCluster } from "./embedded-cluster.ts";
import type { EmbeddedCluster, EmbeddedClusterOptions } from "./embedded-cluster.ts";
import { FAST_DELAYS } from "./nodes/index.ts";
import { certificateSigner } from "./serve/pki/certificate-signer.ts";
import { ensureCredentials } from "./serve/pki/credentials.ts";
import { serveApi, serverHosts } from "./serve/serve-api.ts";
import type { ServedApi } from "./serve/serve-api.ts";
import { webhookTransport } from "./serve/webhook-transport.ts";

export interface StartClusterOptions extends Partial<
  Omit<EmbeddedClusterOptions, "clock" | "rng" | "rootCa">
> {
  /** What names and addresses are drawn from; the same seed under virtual time is the same run. Default `keelson`. */
  readonly seed?: string;
}

export interface ServeClusterOptions {
  /** Default 0: a free port. */
  readonly port?: number;
  /** Where to write the kubeconfig, readable by its owner only. */
  readonly kubeconfig?: string;
}

export interface RunningCluster extends Omit<EmbeddedCluster, "start" | "stop" | "stopped"> {
  /** Opens the API on https://127.0.0.1 for clients of any language; its `kubeconfig` is the text of one. */
  serve(options?: ServeClusterOptions): Promise<ServedApi>;
  /** Resolves when the condition holds; rejects when it has not within `withinMs` of the cluster's time (default one minute). */
  until(
    holds: () => boolean | Promise<boolean>,
    limit?: { readonly withinMs?: number },
  ): Promise<void>;
  /** Ends controllers, nodes and every served connection. */
  stop(): Promise<void>;
}

export interface VirtualCluster extends RunningCluster {
  readonly clock: VirtualClock;
  /** Lets that much time pass: everything due happens, in order, as fast as it can. */
  advance(durationMs: number): Promise<void>;
  /** Lets time pass until nothing more is due within five seconds. */
  settled(): Promise<void>;
}

/**
 * Starts a cluster in real time. Simulated pods and volumes are ready at once.
 *
 * ```ts
 * const cluster = await startCluster();
 * const { kubeconfig } = await cluster.serve();
 * // … any client: kubectl, @kubernetes/client-node, controller-runtime
 * await cluster.stop();
 * ```
 */
export function startCluster(options: StartClusterOptions = {}): Promise<RunningCluster> {
  const clock = createRealClock({ keepAlive: true });
  return start(clock, options, async (holds, deadline) => {
    while (!(await holds())) {
      if (clock.now() >= deadline) return false;
      await clock.sleep(POLL_MS);
    }
    return true;
  });
}

/** When virtual time begins unless the caller says otherwise. */
const VIRTUAL_START = Date.parse("2026-01-01T00:00:00Z");

/**
 * Starts a cluster whose time moves only when told to: a day of backups is a matter of milliseconds, and every run is the same.
 *
 * ```ts
 * const cluster = await startVirtualCluster();
 * await cluster.api.create(deployment);
 * await cluster.settled();
 * expect((await cluster.api.list({ apiVersion: "v1", kind: "Pod" })).items).toHaveLength(3);
 * ```
 */
export async function startVirtualCluster(
  options: StartClusterOptions & { readonly start?: InstantMs } = {},
): Promise<VirtualCluster> {
  const clock = createVirtualClock(options.start ?? VIRTUAL_START);
  const cluster = await start(clock, options, (holds, deadline) =>
    moveUntil(clock, holds, deadline),
  );
  await clock.settle();
  return {
    ...cluster,
    clock,
    advance: (durationMs) => clock.advanceBy(durationMs),
    async settled() {
      const outcome = await clock.runUntilQuiet({ quietMs: QUIET_MS, withinMs: SETTLE_MS });
      invariant(outcome === "quiet", `the cluster is not quiet after ${SETTLE_MS} ms`);
    },
  };
}

const POLL_MS = 20;
const QUIET_MS = 5_000;
/** A day: what has not settled by then never does. */
const SETTLE_MS = 86_400_000;
const UNTIL_MS = 60_000;

/** False when the deadline came first. */
type Wait = (holds: () => boolean | Promise<boolean>, deadline: InstantMs) => Promise<boolean>;

async function start(
  clock: Clock,
  { seed = "keelson", ...options }: StartClusterOptions,
  wait: Wait,
): Promise<RunningCluster> {
  const real = createRealClock({ keepAlive: true });
  const credentials = ensureCredentials({
    now: real.now(),
    hosts: serverHosts(options.serviceCidr),
  });
  const { start: begin, ...cluster } = createEmbeddedCluster({
    name: "keelson",
    stageDelays: FAST_DELAYS,
    volumeDelay: { ms: 0, jitterMs: 0 },
    // Under virtual time there is no network.
    ...("advanceTo" in clock ? {} : { webhooks: { transport: webhookTransport() } }),
    ...options,
    clock,
    rng: createRng(seed),
    rootCa: credentials.authority.certificatePem,
    signCertificate: certificateSigner(credentials.authority, real),
  });
  await begin();
  const served: ServedApi[] = [];
  return {
    ...cluster,
    async serve({ port = 0, kubeconfig } = {}) {
      const settings = { name: cluster.name, port, clock: real, credentials };
      const api = await serveApi(cluster.context, settings);
      served.push(api);
      if (kubeconfig !== undefined) writeFileSync(kubeconfig, api.kubeconfig, { mode: 0o600 });
      return api;
    },
    async until(holds, { withinMs = UNTIL_MS } = {}) {
      if (await wait(holds, clock.now() + withinMs)) return;
      throw new Error(`the condition did not hold within ${withinMs} ms: ${String(holds)}`);
    },
    async stop() {
      cluster.stop();
      await Promise.all([cluster.stopped(), ...served.map((api) => api.close())]);
    },
  };
}

async function moveUntil(
  clock: VirtualClock,
  holds: () => boolean | Promise<boolean>,
  deadline: InstantMs,
): Promise<boolean> {
  await clock.settle();
  while (!(await holds())) {
    const next = clock.nextTimerAt();
    const isLate = next === undefined || next > deadline;
    await clock.advanceTo(isLate ? deadline : next);
    if (isLate) return false;
  }
  return true;
}

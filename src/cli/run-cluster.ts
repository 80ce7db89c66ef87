// Boots one bare embedded cluster, serves it, and waits to be stopped.

import { resolve } from "node:path";

import {
  certificateSigner,
  createEmbeddedCluster,
  DamagedError,
  ensureCredentials,
  serveApi,
  webhookTransport,
  serverHosts,
  type EmbeddedClusterOptions,
} from "../cluster/index.ts";
import { count, createRealClock, createRng, createScaledClock } from "../core/index.ts";
import { openClusterData, type ClusterData } from "./cluster-data.ts";
import type { ClusterOptions } from "./commands/cluster.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { listenForInterrupt, type Interrupt } from "./up/interrupt.ts";
import { claimStateFolder, type StateFolder } from "./up/state-folder.ts";

export async function runCluster(options: ClusterOptions, terminal: Terminal): Promise<ExitCode> {
  const state = claimStateFolder(terminal.cwd);
  const interrupt = listenForInterrupt();
  try {
    const data = await openData(options, terminal);
    try {
      return await serveCluster({ options, terminal, state, interrupt, data });
    } finally {
      // Of a disk that failed the person has been told.
      await data?.store.close().catch(() => {});
    }
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    terminal.err(`error: ${error.message}\n  hint: ${error.hint}\n`);
    return EXIT.failed;
  } finally {
    interrupt.release();
    state.release();
  }
}

async function openData(
  { data }: ClusterOptions,
  terminal: Terminal,
): Promise<ClusterData | undefined> {
  if (data === undefined) return undefined;
  const path = resolve(terminal.cwd, data);
  return openClusterData(path, (message) => terminal.err(`data       ${message}\n`));
}

/** Addresses for documentation (RFC 5737): nobody answers there. */
const LOAD_BALANCERS = "203.0.113.1-203.0.113.254";

interface Run {
  readonly options: ClusterOptions;
  readonly terminal: Terminal;
  readonly state: StateFolder;
  readonly interrupt: Interrupt;
  readonly data: ClusterData | undefined;
}

async function serveCluster({ options, terminal, state, interrupt, data }: Run): Promise<ExitCode> {
  const { port, nodes, speed, metrics } = options;
  const clock = createRealClock();
  const credentials = ensureCredentials({
    stateDirectory: data?.certificates ?? state.certificates,
    now: clock.now(),
    hosts: serverHosts(),
  });
  const cluster = createEmbeddedCluster({
    name: "keelson",
    clock: speed === 1 ? clock : createScaledClock(speed, clock),
    rng: createRng(`cluster/${clock.now()}`),
    metrics,
    // Whoever brings the nodes brings their load balancers.
    ...(nodes === 0
      ? { nodes: [] }
      : { nodes: [{ count: nodes }], loadBalancerPool: LOAD_BALANCERS }),
    rootCa: credentials.authority.certificatePem,
    signCertificate: certificateSigner(credentials.authority, clock),
    tokenKeyPem: credentials.serviceAccountKeyPem,
    webhooks: { transport: webhookTransport() },
    ...storeOf(data),
  });
  const anonymous = options.anonymousAuth === true;
  const api = await serveApi(cluster.context, {
    name: "keelson",
    port,
    clock,
    credentials,
    anonymous,
  });
  await cluster.start();
  state.writeKubeconfig(api.kubeconfig);
  terminal.err(`cluster    ${count(nodes, "node")} ready (simulated)  ${api.url}\n\n`);
  terminal.out(`export KUBECONFIG=${state.kubeconfig}\n`);
  if (speed !== 1) terminal.err(`\nCluster time passes ${speed} times as fast.\n`);
  terminal.err("\nCtrl-C stops it.\n");
  const failure = await Promise.race([interrupt.asked, data?.store.failed ?? interrupt.asked]);
  await api.close();
  cluster.stop();
  if (failure !== undefined) return explainFailure(failure, terminal);
  return EXIT.interrupted;
}

function storeOf(data: ClusterData | undefined): Pick<EmbeddedClusterOptions, "store"> {
  return data === undefined ? {} : { store: data.store };
}

/** Everything acknowledged so far is kept; nothing more can be promised. */
function explainFailure({ message, cause }: Error, terminal: Terminal): ExitCode {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  terminal.err(`error: ${message}${why}\n  hint: mend the disk and start again\n`);
  return EXIT.failed;
}

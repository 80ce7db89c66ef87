// Boots one bare embedded cluster, serves it, and waits to be stopped.

import {
  createEmbeddedCluster,
  ensureCredentials,
  serveApi,
  serverHosts,
} from "../cluster/index.ts";
import { createRealClock, createRng, createScaledClock } from "../core/index.ts";
import type { ClusterOptions } from "./commands/cluster.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { count } from "./output/count.ts";
import type { Terminal } from "./terminal.ts";
import { listenForInterrupt } from "./up/interrupt.ts";
import { claimStateFolder } from "./up/state-folder.ts";

export async function runCluster(
  { port, nodes, speed, metrics }: ClusterOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const state = claimStateFolder(terminal.cwd);
  const interrupt = listenForInterrupt();
  const clock = createRealClock();
  try {
    const credentials = await ensureCredentials({
      stateDirectory: state.certificates,
      now: clock.now(),
      hosts: serverHosts(),
    });
    const cluster = createEmbeddedCluster({
      name: "keelson",
      clock: speed === 1 ? clock : createScaledClock(speed, clock),
      rng: createRng(`cluster/${clock.now()}`),
      metrics,
      nodes: nodes === 0 ? [] : [{ count: nodes }],
      rootCa: credentials.authority.certificatePem,
    });
    const api = await serveApi(cluster.context, { name: "keelson", port, clock, credentials });
    await cluster.start();
    state.writeKubeconfig(api.kubeconfig);
    terminal.err(`cluster    ${count(nodes, "node")} ready (simulated)  ${api.url}\n\n`);
    terminal.out(`export KUBECONFIG=${state.kubeconfig}\n`);
    if (speed !== 1) terminal.err(`\nCluster time passes ${speed} times as fast.\n`);
    terminal.err("\nCtrl-C stops it.\n");
    await interrupt.asked;
    await api.close();
    cluster.stop();
    return EXIT.interrupted;
  } finally {
    interrupt.release();
    state.release();
  }
}

// `keelson cluster`: the bare embedded cluster, for kubectl, clients and controllers under test.

import { InvalidArgumentError, Option, type Command } from "commander";

import type { CommandContext } from "../program.ts";
import { portOption } from "../options.ts";

const EXAMPLES = `Examples:
  keelson cluster                       three simulated nodes on https://127.0.0.1:6443
  keelson cluster --port 0 --nodes 0    a free port, and nodes of your own
  keelson cluster --speed 60            an hour of cluster time in a minute
  keelson cluster --data ./cluster      keep everything in a folder, over restarts
`;

export interface ClusterOptions {
  readonly port: number;
  readonly nodes: number;
  readonly metrics: boolean;
  readonly anonymousAuth?: boolean;
  /** Seconds of cluster time in one second. */
  readonly speed: number;
  /** Folder that keeps the cluster; absent: it ends with the process. */
  readonly data?: string;
}

export function registerCluster(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command("cluster")
    .description("run an empty Kubernetes-compatible cluster in this process")
    .addHelpText("before", EXAMPLES)
    .addOption(portOption("--port <number>", "Kubernetes API; 0 picks a free port", 6443))
    .addOption(new Option("--nodes <number>", "simulated nodes").default(3).argParser(nodeCount))
    .option("--anonymous-auth", "let requests without credentials in as system:anonymous")
    .addOption(
      new Option(
        "--speed <factor>",
        "how much faster cluster time passes; requests, TLS and their timeouts keep real time",
      )
        .default(1)
        .argParser(speedFactor),
    )
    .option(
      "--no-metrics",
      "without metrics.k8s.io: nothing for kubectl top and for autoscaling by load",
    )
    .addOption(
      new Option(
        "--data <folder>",
        "keep objects, certificates and tokens here; every write is on the disk before it is acknowledged",
      ),
    )
    .action(async (options: ClusterOptions): Promise<void> => {
      const { runCluster } = await import("../run-cluster.ts");
      finish(await runCluster(options, terminal));
    });
}

/** What one kube-controller-manager manages at most: kubernetes.io/docs/setup/best-practices/cluster-large. */
const NODES_MAX = 5_000;

function nodeCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= NODES_MAX) return count;
  throw new InvalidArgumentError(`expected a number from 0 to ${NODES_MAX}`);
}

/** Above it the timers of the system, which count milliseconds, are too coarse. */
const SPEED_MAX = 3_600;

function speedFactor(text: string): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor >= 1 && factor <= SPEED_MAX) return factor;
  throw new InvalidArgumentError(`expected a number from 1 to ${SPEED_MAX}`);
}

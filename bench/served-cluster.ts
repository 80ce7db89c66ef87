// Starts the embedded cluster as a person does, in a process of its own, and waits for its first answer over HTTPS.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve as resolvePath } from "node:path";

import { REPOSITORY } from "../scripts/run-command.ts";
import { Unavailable } from "./case.ts";
import { WORK } from "./cold-process.ts";
import { connectKubeconfig, type KubeConnection } from "./kube-connection.ts";

export interface ServedCluster {
  readonly kubeconfig: string;
  readonly connection: KubeConnection;
  /** From starting the process to the first answer. */
  readonly firstAnswerMs: number;
  /** What the process holds now. */
  residentBytes(): number;
  stop(): Promise<void>;
}

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");
const FOLDER = join(WORK, "cluster");
/** Asked for until it answers; small enough not to delay what is measured. */
const POLL_MS = 5;
/** Far beyond any budget; a cluster that takes longer is broken, not slow. */
const START_MAX_MS = 30_000;
const STOP_MAX_MS = 3_000;

export async function startServedCluster(
  args: readonly string[],
  clients: number,
): Promise<ServedCluster> {
  if (!existsSync(COMMAND)) throw new Unavailable("run make build first");
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const startedMs = performance.now();
  const child = spawn(process.execPath, [COMMAND, "cluster", "--port", "0", ...args], {
    cwd: FOLDER,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { connection, kubeconfig } = await connect(child, clients);
  const firstAnswerMs = performance.now() - startedMs;
  return {
    kubeconfig,
    connection,
    firstAnswerMs,
    residentBytes: () => readResidentBytes(child.pid),
    stop: async () => {
      connection.close();
      await stopProcess(child);
    },
  };
}

/** Resolves after the first answer; a cluster that gives none is stopped. */
async function connect(
  child: ChildProcess,
  clients: number,
): Promise<Pick<ServedCluster, "connection" | "kubeconfig">> {
  try {
    const kubeconfig = await readKubeconfigPath(child);
    const connection = connectKubeconfig(kubeconfig, clients);
    await waitForAnswer(connection, child);
    return { connection, kubeconfig };
  } catch (error) {
    await stopProcess(child);
    throw error;
  }
}

/** The command prints where it wrote the kubeconfig; a relative path is meant from where it was started. */
function readKubeconfigPath(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      said += chunk.toString("utf8");
      const path = /[^\s='"]*kubeconfig[^\s'"]*/.exec(said)?.[0];
      if (path !== undefined && said.includes("\n")) resolve(resolvePath(FOLDER, path));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(`the cluster did not start\n${said}`)));
  });
}

async function waitForAnswer(connection: KubeConnection, child: ChildProcess): Promise<void> {
  const deadlineMs = performance.now() + START_MAX_MS;
  let last: unknown;
  while (child.exitCode === null && performance.now() < deadlineMs) {
    try {
      await connection.send("GET", "/readyz");
      return;
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  throw new Error("the cluster did not answer", { cause: last });
}

/** Resident set as the kernel counts it; only Linux tells without a tool. */
function readResidentBytes(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) throw new Unavailable("memory of another process is read from /proc");
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(status, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

/** Politely, then not: what happens after the measurement must not hold up the next one. */
function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_MAX_MS);
    child.once("exit", () => {
      clearTimeout(impatience);
      resolve();
    });
    child.kill("SIGINT");
  });
}

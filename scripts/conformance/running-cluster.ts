// `keelson cluster` as a process of its own, for clients that are not ours.

import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { createHttpsApi, readKubeconfig, type HttpsApi } from "../../src/kubernetes/index.ts";
import { REPOSITORY } from "../run-command.ts";

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");

export interface RunningCluster {
  readonly api: HttpsApi;
  readonly kubeconfig: string;
  stop(): void;
}

/** Keeps its files in `folder`. */
export async function startCluster(folder: string): Promise<RunningCluster> {
  const child = spawn(process.execPath, [COMMAND, "cluster", "--port", "0"], { cwd: folder });
  await printed(child, "KUBECONFIG=");
  const kubeconfig = join(folder, ".keelson", "kubeconfig");
  const { server, caPem, token } = readKubeconfig(readFileSync(kubeconfig, "utf8"));
  const api = createHttpsApi({ server, caPem, token });
  const stop = (): void => {
    api.close();
    child.kill("SIGINT");
  };
  return { api, kubeconfig, stop };
}

function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`the cluster ended with ${code}`)));
  });
}

// Runs the commands of a transcript, each in a shell of its own, against a served embedded cluster of their own.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  certificateSigner,
  createEmbeddedCluster,
  createProcessNetwork,
  createRealClock,
  createRng,
  ensureCredentials,
  FAST_DELAYS,
  serveApi,
  serverHosts,
} from "../../../src/cluster/index.ts";
import type { FindLocalProcess } from "../../../src/cluster/nodes/index.ts";
import type { KubectlBinary } from "./kubectl-binaries.ts";
import { redact } from "./redact.ts";
import type { Passage, Step, StepResult } from "./transcript.ts";

/** What every command finds: `shows FILE TEXT` returns when a background command has printed that. */
const PRELUDE = `
shows() { until grep -qs -- "$2" "$1"; do sleep 0.05; done; }
`;

/** A command that hangs is a finding, and the others are still to be run. */
const STEP_TIMEOUT_MS = 60_000;
const CLOCK = createRealClock({ keepAlive: true });

export async function runTranscript(
  passages: readonly Passage[],
  kubectl: KubectlBinary,
): Promise<ReadonlyMap<Step, StepResult>> {
  const home = mkdtempSync(join(tmpdir(), "keelson-transcript-"));
  const cluster = await startCluster(home);
  try {
    const env = prepareHome(home, kubectl, cluster.kubeconfig);
    const results = new Map<Step, StepResult>();
    for (const passage of passages) {
      if (!("command" in passage)) continue;
      results.set(passage, await runStep(passage, home, env));
    }
    return results;
  } finally {
    await cluster.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function startCluster(home: string) {
  const clock = CLOCK;
  const network = createProcessNetwork({ clock, folder: join(home, "network") });
  const credentials = ensureCredentials({ now: clock.now(), hosts: serverHosts() });
  const cluster = createEmbeddedCluster({
    name: "test",
    clock,
    signCertificate: certificateSigner(credentials.authority, clock),
    rng: createRng("transcript"),
    stageDelays: FAST_DELAYS,
    volumeDelay: { ms: 0, jitterMs: 0 },
    process: { folder: join(home, "processes"), network, find: localForm },
  });
  const served = await serveApi(cluster.context, { name: "test", port: 0, clock, credentials });
  await cluster.start();
  const stop = async (): Promise<void> => {
    cluster.stop();
    await served.close();
    await cluster.stopped();
    await network.stop();
  };
  return { kubeconfig: served.kubeconfig, stop };
}

/** Containers of images called `local/…` are Node scripts. */
const localForm: FindLocalProcess = (_pod, { image = "", args = [] }) => {
  if (!image.startsWith("local/")) return undefined;
  return { command: [process.execPath, "-e", ...args], directory: tmpdir() };
};

function prepareHome(
  home: string,
  { path }: KubectlBinary,
  kubeconfig: string,
): Readonly<Record<string, string>> {
  mkdirSync(join(home, "bin"));
  mkdirSync(join(home, "work"));
  symlinkSync(path, join(home, "bin", "kubectl"));
  writeFileSync(join(home, "kubeconfig"), kubeconfig);
  return {
    HOME: home,
    KUBECONFIG: join(home, "kubeconfig"),
    PATH: `${join(home, "bin")}:${process.env["PATH"] ?? ""}`,
    GOGC: process.env["GOGC"] ?? "",
    LC_ALL: "C",
    TERM: "dumb",
    TZ: "UTC",
  };
}

/** In a process group of its own: what a command leaves behind in the background ends with it. */
function runStep(
  { command }: Step,
  home: string,
  env: Readonly<Record<string, string>>,
): Promise<StepResult> {
  const said = { stdout: "", stderr: "" };
  const child = spawn("sh", ["-c", PRELUDE + command], {
    cwd: join(home, "work"),
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const timer = CLOCK.setTimer(STEP_TIMEOUT_MS, () => {
    said.stderr += `still running after ${STEP_TIMEOUT_MS} ms\n`;
    endGroup(child.pid);
  });
  child.once("exit", () => {
    timer.cancel();
    endGroup(child.pid);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const [stdout, stderr] = [redact(said.stdout), redact(said.stderr)];
      resolve({ code: code ?? 128, stdout, stderr });
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing was left behind.
  }
}

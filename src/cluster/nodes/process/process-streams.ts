// `kubectl exec`, `attach` and `port-forward` for containers that are processes.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

import type { ExecStreams } from "../../api/index.ts";
import { exitCodeOf, spawnLaunch, spawned } from "./container-process.ts";
import type { Launch } from "./container-process.ts";
import type { LiveRun } from "./container-runner.ts";
import { endOf } from "./process-log.ts";
import { listProcesses, readLink, signalGroup } from "./process-table.ts";
import { inTerminal } from "./terminal.ts";

/** What a shell answers for a command that is not there. */
const NOT_FOUND = 127;

/** Resolves with the exit code; the command ends when the client is gone. */
export async function execCommand(
  plain: Launch,
  tty: boolean,
  streams: ExecStreams,
  { stopped, onStarted }: { readonly stopped: AbortSignal; onStarted(pid: number): () => void },
): Promise<number> {
  const { launch, notice } = tty ? inTerminal(plain) : { launch: plain, notice: undefined };
  if (notice !== undefined) streams.stdout?.write(notice);
  const child = spawnLaunch(launch, streams.stdin === undefined && !tty ? "ignore" : "pipe");
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  try {
    await spawned(child);
  } catch (error) {
    closed.catch(() => undefined);
    const why = error instanceof Error ? error.message : String(error);
    (streams.stderr ?? streams.stdout)?.write(`${why}\n`);
    return NOT_FOUND;
  }
  const pid = child.pid ?? 0;
  const onEnded = onStarted(pid);
  const kill = (): void => void signalGroup(pid, "SIGKILL");
  stopped.addEventListener("abort", kill, { once: true });
  joinStreams(child, streams, tty);
  child.once("exit", kill);
  const [code, signal] = await closed;
  stopped.removeEventListener("abort", kill);
  onEnded();
  return exitCodeOf(code, signal);
}

function joinStreams(child: ChildProcess, streams: ExecStreams, tty: boolean): void {
  const { stdin, stdout, stderr } = streams;
  if (stdin !== undefined && child.stdin !== null) stdin.pipe(child.stdin);
  child.stdin?.on("error", () => undefined);
  // A terminal has one output.
  forward(child.stdout, stdout);
  forward(child.stderr, tty ? stdout : stderr);
  if (!tty) return;
  streams.onResize?.(({ width, height }) => resize(child.pid ?? 0, width, height));
}

/** Without an ear the output is read all the same, or the command would wait for ever. */
function forward(from: ChildProcess["stdout"], to: ExecStreams["stdout"]): void {
  if (to === undefined) from?.resume();
  else from?.pipe(to, { end: false });
}

/** The terminal is the one the command itself sits at, below the process that made it. */
function resize(pid: number, width: number, height: number): void {
  const child = listProcesses().find(({ parent }) => parent === pid);
  const terminal = child && readLink(`/proc/${child.pid}/fd/0`);
  if (terminal === undefined || !terminal.startsWith("/dev/pts/")) return;
  const command = ["stty", "-F", terminal, "cols", String(width), "rows", String(height)];
  const stty = spawnLaunch(
    { command, directory: "/", environment: { PATH: "/usr/bin:/bin" } },
    "ignore",
  );
  stty.on("error", () => undefined);
}

/** From now on; what was written before is in the log. */
export async function attachRun(
  run: LiveRun,
  { stdin, stdout, stderr }: ExecStreams,
  stopped: AbortSignal,
): Promise<void> {
  const quiet = run.process.onOutput((name, chunk) => {
    (name === "stdout" ? stdout : (stderr ?? stdout))?.write(chunk);
  });
  if (run.process.stdin !== undefined) stdin?.pipe(run.process.stdin, { end: false });
  await endOf(run, stopped);
  if (run.process.stdin !== undefined) stdin?.unpipe(run.process.stdin);
  quiet();
}

/** Where the pod's port is; a process that listens on the machine's own address is found there. */
export async function connectTo(
  { host, port }: { readonly host: string; readonly port: number },
  asked: number,
): Promise<Socket> {
  try {
    return await open(host, port);
  } catch (error) {
    if (host === LOOPBACK && port === asked) throw error;
    return open(LOOPBACK, asked);
  }
}

const LOOPBACK = "127.0.0.1";

async function open(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port });
  await once(socket, "connect");
  return socket;
}

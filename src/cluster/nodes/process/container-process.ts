// One run of a container: a process that leads a group of its own. When the leader ends, the rest of the group ends with it,
// as everything in a container ends with its first process.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import type { Writable } from "node:stream";

import type { Clock } from "../../../core/index.ts";
import { RUN_VARIABLE } from "./running-processes.ts";
import { withTimeout } from "./probes/probe-result.ts";
import {
  listProcesses,
  pidsWithVariable,
  readProcess,
  signalGroup,
  signalProcess,
} from "./process-table.ts";

/** Everything needed to start a process in the place of a container, exec'd commands included. */
export interface Launch {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export type OutputStream = "stdout" | "stderr";
export type OutputListener = (stream: OutputStream, chunk: Buffer) => void;

export interface ContainerProcess {
  readonly pid: number;
  /** The value of RUN_VARIABLE in the environment of everything it starts. */
  readonly run: string;
  /** Absent unless the container asked for it. */
  readonly stdin: Writable | undefined;
  /** Resolves with the exit code, 128 + n after signal n, when the whole group has ended and all output was read. */
  readonly ended: Promise<number>;
  /** To the whole group. */
  signal(signal: NodeJS.Signals): void;
  /** Returns what to call to hear no more. */
  onOutput(listener: OutputListener): () => void;
}

export interface StartOptions {
  readonly launch: Launch;
  readonly clock: Clock;
  readonly run: string;
  readonly stdin: boolean;
}

/** Rejects with the system's error when the command cannot be started. */
export async function startProcess(options: StartOptions): Promise<ContainerProcess> {
  const { launch, clock, run } = options;
  const child = spawnLaunch(launch, options.stdin ? "pipe" : "ignore");
  const listeners = new Set<OutputListener>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (chunk: Buffer) => {
      for (const listener of listeners) listener(name, chunk);
    });
  }
  child.stdin?.on("error", () => undefined);
  const ended = watchEnd(child, run, clock);
  await spawned(child);
  const pid = child.pid ?? 0;
  return {
    pid,
    run,
    stdin: child.stdin ?? undefined,
    ended,
    signal(signal) {
      signalGroup(pid, signal);
      if (signal !== "SIGKILL") return;
      for (const escaped of pidsWithVariable(RUN_VARIABLE, run)) signalProcess(escaped, signal);
    },
    onOutput(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** In a group of its own. */
export function spawnLaunch(launch: Launch, stdin: "pipe" | "ignore"): ChildProcess {
  const [file = "", ...rest] = launch.command;
  const { uid, gid } = launch.user ?? {};
  return spawn(file, rest, {
    cwd: launch.directory,
    env: launch.environment,
    detached: true,
    stdio: [stdin, "pipe", "pipe"],
    // Only root may choose; everybody else's processes are theirs.
    ...(uid === undefined || process.getuid?.() !== 0 ? {} : { uid, gid }),
  });
}

export function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
}

/** Output may be held open, and a death be long, by something the system is busy with; neither is waited for longer. */
const DRAIN_MS = 500;
/** The wait for output is made of turns, so that a busy process reads what has come before it gives up. */
const DRAIN_TURNS = 10;
const POLL_MS = 5;

function watchEnd(child: ChildProcess, run: string, clock: Clock): Promise<number> {
  let isClosed = false;
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  void closed.then(() => (isClosed = true));
  const drain = async (): Promise<void> => {
    for (let turn = 0; turn < DRAIN_TURNS && !isClosed; turn += 1) {
      await withTimeout(clock, DRAIN_MS / DRAIN_TURNS, closed, () => undefined);
    }
  };
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      const settled = Promise.all([endRest(child.pid ?? 0, run, clock), drain()]);
      void settled.then(() => resolve(exitCodeOf(code, signal)));
    });
  });
}

/** Everything else of the run ends with its leader. */
async function endRest(pid: number, run: string, clock: Clock): Promise<void> {
  const escaped = pidsWithVariable(RUN_VARIABLE, run);
  for (const other of escaped) signalProcess(other, "SIGKILL");
  const isLeft = (): boolean =>
    escaped.some((other) => readProcess(other) !== undefined) || isGroupLeft(pid);
  if (!signalGroup(pid, "SIGKILL") && escaped.length === 0) return;
  const deadline = clock.now() + DRAIN_MS;
  while (isLeft() && clock.now() < deadline) await clock.sleep(POLL_MS);
}

/** Those that have ended and were not waited for do not count. */
function isGroupLeft(pid: number): boolean {
  return signalGroup(pid, 0) && listProcesses().some(({ group }) => group === pid);
}

export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
